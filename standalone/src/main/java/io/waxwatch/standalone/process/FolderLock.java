package io.waxwatch.standalone.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Holds a data folder for one JVM. The operating system gives the lock back when the JVM dies, however it dies: a
 * lock that is held means that the owner lives, so whatever else runs on the folder may be reaped as soon as the lock
 * is ours.
 */
public final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the folder, making it when missing.
     *
     * @throws PartFailedException when another running process, or another part of this one, holds it
     */
    public static FolderLock take(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isHeldElsewhere(channel)) {
                channel.close();
                throw new PartFailedException(
                        folder + " is in use by another WaxWatch that is still running. Stop that one first.");
            }
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new PartFailedException("Cannot use the data folder " + folder + ": " + e, e);
        }
    }

    private static boolean isHeldElsewhere(FileChannel channel) throws IOException {
        try {
            // Not kept: closing the channel releases it.
            FileLock lock = channel.tryLock();
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new PartFailedException("Cannot release the data folder: " + e, e);
        }
    }
}
