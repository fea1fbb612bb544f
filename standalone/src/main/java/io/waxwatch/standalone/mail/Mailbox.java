package io.waxwatch.standalone.mail;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** The newest mails, at most {@code capacity}; the oldest goes first. Thread safe. */
final class Mailbox {
    private final int capacity;
    private final Deque<ReceivedMail> newestFirst = new ArrayDeque<>();
    private long lastId;

    Mailbox(int capacity) {
        this.capacity = capacity;
    }

    /** Adds the mail that {@code make} builds from its id. */
    synchronized void add(LongFunction<ReceivedMail> make) {
        newestFirst.addFirst(make.apply(++lastId));
        if (newestFirst.size() > capacity) {
            newestFirst.removeLast();
        }
    }

    synchronized List<ReceivedMail> newestFirst() {
        return List.copyOf(newestFirst);
    }

    synchronized Optional<ReceivedMail> find(long id) {
        return newestFirst.stream().filter(mail -> mail.id() == id).findFirst();
    }

    /** How many have come since the start, kept or not. */
    synchronized long received() {
        return lastId;
    }
}
