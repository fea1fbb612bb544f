package io.waxwatch.common.bus;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.waxwatch.common.failure.Failure;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The typed event bus: the only class that touches {@link EventBus}. Delivery is at most once. */
public final class Bus {

    private static final Logger log = LoggerFactory.getLogger(Bus.class);

    private final EventBus events;

    /** Registers the codec; make one per Vert.x, before any deployment, on every node. */
    public Bus(Vertx vertx) {
        this.events = vertx.eventBus();
        events.registerCodec(new BusMessageCodec());
        // Ours are the only messages: nobody makes us build objects of a class that he names.
        events.serializableChecker(className -> false);
        events.clusterSerializableChecker(className -> false);
        events.codecSelector(body -> body instanceof BusMessage ? BusMessageCodec.NAME : null);
    }

    /** Stops one consumer from receiving; the future ends when the cluster knows. */
    @FunctionalInterface
    public interface Registration {
        Future<Void> unregister();
    }

    /**
     * Answers a topic. Every question gets an answer: a failure, also one thrown, goes back as its kind and safe text.
     *
     * @return the registration, once the whole cluster can reach it
     */
    public <Q extends BusMessage, A extends BusMessage> Future<Registration> serve(
            RequestTopic<Q, A> topic, Function<Q, Future<A>> answer) {
        MessageConsumer<Q> consumer = events.consumer(topic.address());
        consumer.handler(message -> Future.succeededFuture(message.body())
                .compose(answer)
                .onComplete(message::reply, cause -> {
                    Failure failure = Failure.of(cause);
                    message.fail(failure.kind().code(), failure.getMessage());
                }));
        return registered(consumer);
    }

    /** Asks a topic; fails with a {@link Failure}: nobody there is UNAVAILABLE, silence is TIMEOUT (maybe done). */
    public <Q extends BusMessage, A extends BusMessage> Future<A> ask(RequestTopic<Q, A> topic, Q question) {
        var options = new DeliveryOptions().setSendTimeout(topic.deadline().toMillis());
        return Future.succeededFuture(question)
                .compose(body -> events.<A>request(topic.address(), body, options))
                .map(Message::body)
                .recover(cause -> Future.failedFuture(Failure.of(cause)));
    }

    /** Listens to a channel, on this context. What the listener throws is logged, never passed on. */
    public <E extends BusMessage> Future<Registration> listen(EventTopic<E> channel, Consumer<E> listener) {
        MessageConsumer<E> consumer = events.consumer(channel.address());
        consumer.handler(message -> {
            try {
                listener.accept(message.body());
            } catch (RuntimeException thrown) {
                log.error("bus.listener_failed", kv("address", channel.address()), thrown);
            }
        });
        return registered(consumer);
    }

    /** Tells every listener of the channel. */
    public <E extends BusMessage> void publish(EventTopic<E> channel, E news) {
        events.publish(channel.address(), news);
    }

    /** Nudges one listener of the channel, chosen in turn; nobody listening is no failure. */
    public <E extends BusMessage> void nudge(EventTopic<E> channel, E news) {
        events.send(channel.address(), news);
    }

    private static Future<Registration> registered(MessageConsumer<?> consumer) {
        Registration registration = consumer::unregister;
        return consumer.completion().map(registration);
    }
}
