package io.waxwatch.standalone.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Writes small files that hold secrets: readable by their owner only, and seen by a reader either whole or not at all.
 */
public final class PrivateFile {
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");

    private PrivateFile() {}

    /** Replaces {@code file} in one step, making its folder when missing. */
    public static void write(Path file, String content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path draft = Files.createTempFile(folder, "." + file.getFileName(), ".tmp", ownerOnly());
        try {
            Files.write(draft, content.getBytes(StandardCharsets.UTF_8));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Makes a folder that only its owner may enter, or closes one that is there; what lies in it is then the owner's too. */
    public static void makeFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        closeToOthers(folder);
    }

    /** Takes every permission of others from a file or folder, where the file system has permissions; the owner keeps hers. */
    public static void closeToOthers(Path path) throws IOException {
        if (hasPosixPermissions()) {
            var permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
            if (permissions.removeIf(permission -> !OWNERS.contains(permission))) {
                Files.setPosixFilePermissions(path, permissions);
            }
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return hasPosixPermissions()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean hasPosixPermissions() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
