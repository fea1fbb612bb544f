package io.waxwatch.standalone.output;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code standalone.json} for scripts, and beside it {@code token} with the bearer token alone, so that a curl line
 * stays short. Both are readable by their owner only, appear whole, and are gone after an orderly stop. Blocks: a few
 * small file operations.
 */
public final class RunFile {
    private final Path file;
    private final Path tokenFile;

    /** Creates the view; {@code folder} is made when missing. */
    public RunFile(Path folder) {
        this.file = folder.resolve("standalone.json");
        this.tokenFile = folder.resolve("token");
    }

    /** Writes both files, the JSON last: who sees it finds the rest. */
    public void write(RunInfo info) {
        JsonObject json = new JsonObject().put("apiUrl", info.apiUrl());
        if (info.hasCollector()) {
            json.put("token", info.token())
                    .put("userId", info.userId().toString())
                    .put("email", info.email())
                    .put("password", info.password());
        }
        json.put("issuer", info.issuer())
                .put("mailUrl", info.mailUrl())
                .put("sandboxUrl", info.sandboxUrl())
                .put("pid", info.pid());
        try {
            if (info.hasCollector()) {
                PrivateFile.write(tokenFile, info.token() + "\n");
            } else {
                // One of an earlier run would be for another issuer.
                Files.deleteIfExists(tokenFile);
            }
            PrivateFile.write(file, json.encodePrettily() + "\n");
        } catch (IOException e) {
            throw new PartFailedException("Cannot write " + file + ": " + e, e);
        }
    }

    /** Removes both files, unless a process other than {@code pid} has written them since. Never fails. */
    public void remove(long pid) {
        try {
            if (Files.exists(file) && new JsonObject(Files.readString(file)).getLong("pid", -1L) == pid) {
                Files.deleteIfExists(file);
                Files.deleteIfExists(tokenFile);
            }
        } catch (IOException | DecodeException | ClassCastException e) {
            // Not ours any more, or unreadable: a stop does not fail over it.
            return;
        }
    }

    /** Where the token is. */
    public Path tokenFile() {
        return tokenFile;
    }
}
