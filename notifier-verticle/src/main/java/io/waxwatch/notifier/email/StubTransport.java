package io.waxwatch.notifier.email;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends nothing: writes one log line and calls the mail accepted. */
public final class StubTransport implements EmailTransport {

    private static final Logger log = LoggerFactory.getLogger(StubTransport.class);

    @Override
    public Future<Result> send(Mail mail, BooleanSupplier wanted) {
        log.info("notifications.email.stub.sent", kv("to_address", mail.to()), kv("subject", mail.subject()));
        return Future.succeededFuture(new Result.Accepted("stub-local-delivery"));
    }

    @Override
    public void rest() {
        // Nothing waits here.
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
