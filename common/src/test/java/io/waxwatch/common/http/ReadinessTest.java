package io.waxwatch.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestNode;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ReadinessTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        TestNode.await(vertx.close());
    }

    /** A probe that hangs is given up by a timer that belongs to no event loop of ours. */
    @Test
    void everybody_is_told_where_they_asked() {
        var readiness =
                new Readiness(vertx).require("db", () -> Promise.promise().future());
        List<Promise<Context>> told =
                Stream.generate(Promise::<Context>promise).limit(4).toList();
        List<Context> asking = told.stream().map(each -> ask(readiness, each)).toList();

        for (int i = 0; i < told.size(); i++) {
            assertThat(TestNode.await(told.get(i).future())).isSameAs(asking.get(i));
        }
    }

    @Test
    void whoever_asks_and_however_often_makes_it_look_no_sooner() {
        var looks = new AtomicInteger();
        long began = System.nanoTime();
        var readiness = new Readiness(vertx).require("db", () -> {
            looks.incrementAndGet();
            return Future.succeededFuture();
        });
        for (int i = 0; i < 1_000; i++) {
            assertThat(TestNode.await(readiness.report()).ready()).isTrue();
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        assertThat(looks.get()).isBetween(1, (int) seconds / 2 + 2);
    }

    @Test
    void what_has_changed_is_seen_without_anybody_asking() {
        var isAway = new AtomicBoolean();
        var looks = new AtomicInteger();
        var readiness = new Readiness(vertx).require("db", () -> {
            looks.incrementAndGet();
            return isAway.get() ? Future.failedFuture("away") : Future.succeededFuture();
        });
        readiness.watch();
        assertThat(TestNode.await(readiness.report()).ready()).isTrue();
        isAway.set(true);
        int before = looks.get();
        TestNode.eventually("it looked again", 30_000, () -> looks.get() > before + 1);
        assertThat(TestNode.await(readiness.report()).ready()).isFalse();
        readiness.drain();
        assertThat(TestNode.await(readiness.report()).checks().getJsonObject("node"))
                .isNotNull();
    }

    @Test
    void says_of_each_check_how_it_went_in_the_order_in_which_they_were_added() {
        var readiness = new Readiness(vertx)
                .require("db", Future::succeededFuture)
                .observe("hangs", () -> Promise.promise().future())
                .observe("throws", () -> {
                    throw new IllegalStateException("secret");
                })
                .skip("redis", "not there");
        Readiness.Report report = TestNode.await(readiness.report());
        assertThat(report.ready()).isTrue();
        assertThat(report.checks().encode())
                .isEqualTo("{\"db\":{\"status\":\"ok\"},"
                        + "\"hangs\":{\"status\":\"degraded\","
                        + "\"reason\":\"hangs readiness probe timed out after 1.0s\"},"
                        + "\"throws\":{\"status\":\"degraded\","
                        + "\"reason\":\"throws readiness probe failed: IllegalStateException\"},"
                        + "\"redis\":{\"status\":\"skipped\",\"reason\":\"not there\"}}");
    }

    @Test
    void a_part_that_is_still_starting_is_news_and_no_error_and_one_that_fails_later_is() {
        var logger = (Logger) LoggerFactory.getLogger(Readiness.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        var failure = new AtomicReference<RuntimeException>(new Readiness.StillStarting());
        try {
            var readiness = new Readiness(vertx)
                    .require("db", Future::succeededFuture)
                    .require(
                            "service",
                            () -> failure.get() == null
                                    ? Future.succeededFuture()
                                    : Future.failedFuture(failure.get()));
            assertThat(TestNode.await(readiness.report()).ready()).isFalse();
            failure.set(null);
            TestNode.eventually(
                    "ready", 30_000, () -> TestNode.await(readiness.report()).ready());
            failure.set(new IllegalStateException("gone"));
            TestNode.eventually(
                    "not ready",
                    30_000,
                    () -> !TestNode.await(readiness.report()).ready());
        } finally {
            logger.setLevel(before);
            logger.detachAppender(lines);
        }
        assertThat(List.copyOf(lines.list))
                .extracting(ILoggingEvent::getLevel, ILoggingEvent::getMessage)
                .containsExactly(
                        tuple(Level.INFO, "health.ready.starting"),
                        tuple(Level.INFO, "health.ready.recovered"),
                        tuple(Level.ERROR, "health.ready.dependency_failed"));
    }

    @Test
    void what_is_required_and_hangs_makes_it_not_ready() {
        var readiness = new Readiness(vertx)
                .require("db", () -> Promise.promise().future())
                .observe("redis", Future::succeededFuture);
        Readiness.Report report = TestNode.await(readiness.report());
        assertThat(report.ready()).isFalse();
        assertThat(report.checks().getJsonObject("db"))
                .isEqualTo(new JsonObject()
                        .put("status", "failed")
                        .put("reason", "db readiness probe timed out after 1.0s"));
    }

    /** Asks on an event loop of its own. */
    private Context ask(Readiness readiness, Promise<Context> told) {
        Promise<Context> asking = Promise.promise();
        vertx.deployVerticle(context -> {
            readiness.report().onComplete(report -> told.complete(Vertx.currentContext()), failed -> told.fail(failed));
            asking.complete(Vertx.currentContext());
            return asking.future();
        });
        return TestNode.await(asking.future());
    }
}
