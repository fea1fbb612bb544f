package io.waxwatch.common.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.waxwatch.common.digests.Digests;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Consumer;

/** A Lua script that Redis runs alone, called by its digest and brought along only where the server does not know it. */
public final class RedisScript {

    private final String text;
    private final String digest;

    public RedisScript(String text) {
        this.text = text;
        this.digest = HexFormat.of().formatHex(Digests.sha1(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** @param arguments adds the number of keys, the keys and the arguments; called once or twice */
    public Future<Response> run(RedisConnection on, Consumer<Request> arguments) {
        return on.send(call(Command.EVALSHA, digest, arguments))
                .recover(cause -> String.valueOf(cause.getMessage()).startsWith("NOSCRIPT")
                        ? on.send(whole(arguments))
                        : Future.failedFuture(cause));
    }

    /** The call that brings the script along. */
    public Request whole(Consumer<Request> arguments) {
        return call(Command.EVAL, text, arguments);
    }

    private static Request call(Command command, String script, Consumer<Request> arguments) {
        Request request = Request.cmd(command).arg(script);
        arguments.accept(request);
        return request;
    }
}
