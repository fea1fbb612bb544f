package io.waxwatch.common.database;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.Connection;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import io.vertx.sqlclient.internal.command.CommandBase;
import io.vertx.sqlclient.internal.command.CommandResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection on which the answer to a statement is overdue. PostgreSQL's own limit ends what runs too long, but a server
 * that is frozen, or was cut off without a word, ends nothing, and the client library waits for as long as it is silent.
 *
 * <p>Stands between the library's codec and its connection, where each statement goes by as one command and each answer as one
 * response, in order; so {@code BEGIN}, {@code COMMIT}, preparing and the pages of a cursor are bounded like any other statement.
 * Everything that waits on a closed connection fails as when the server had closed it, the pool makes another one, and nobody
 * ever reads the late answer.
 */
final class AnswerWatch extends ChannelDuplexHandler {

    /** As Vert.x calls the last handler of a connection, the PostgreSQL client its codec, and Vert.x its bound on silence. */
    private static final String CONNECTION = "handler";

    private static final String IDLE = "idle";

    private static final Logger log = LoggerFactory.getLogger(AnswerWatch.class);

    private final Duration limit;
    private final String place;
    private int unanswered;
    /** When the oldest unanswered command became the one that the server works on, as {@link System#nanoTime} has it. */
    private long since;
    /** Looks again when the limit may be over; left to run out instead of being made anew for each statement. */
    private ScheduledFuture<?> look;

    private AnswerWatch(Duration limit, String place) {
        this.limit = limit;
        this.place = place;
    }

    /**
     * Watches a connection that was just opened, from now on, in place of the bound on silence that its login had.
     *
     * @param limit longest wait for the answer to one command
     * @param place the server, for the log
     */
    static void stand(SqlConnection fresh, Duration limit, String place) {
        ChannelPipeline pipeline = channel(fresh).pipeline();
        ChannelHandler login = pipeline.get(IDLE);
        if (login != null) {
            pipeline.remove(login);
        }
        pipeline.addBefore(CONNECTION, "answers", new AnswerWatch(limit, place));
    }

    /** Ends a connection at once, whatever it is doing; the pool lets go of it. */
    static void cut(SqlConnection connection) {
        Channel channel = channel(connection);
        channel.eventLoop().execute(() -> cut(channel));
    }

    /** Past the codec, which would first write a farewell, and past TLS, which would first wait for the other side's. */
    private static void cut(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close();
        }
    }

    /** The socket below a connection of the pool. */
    private static Channel channel(SqlConnection connection) {
        Connection wire = ((SqlConnectionInternal) connection).unwrap().unwrap();
        return ((SocketConnectionBase) wire).socket().channelHandlerContext().channel();
    }

    @Override
    public void write(ChannelHandlerContext channel, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof CommandBase) {
            if (unanswered++ == 0) {
                begun(channel);
            }
        }
        super.write(channel, message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) throws Exception {
        if (message instanceof CommandResponse) {
            unanswered--;
            since = System.nanoTime();
        }
        super.channelRead(channel, message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext channel) throws Exception {
        if (look != null) {
            look.cancel(false);
        }
        super.channelInactive(channel);
    }

    private void begun(ChannelHandlerContext channel) {
        since = System.nanoTime();
        if (look == null) {
            lookIn(channel, limit.toNanos());
        }
    }

    private void lookIn(ChannelHandlerContext channel, long nanos) {
        look = channel.executor().schedule(() -> look(channel), nanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext channel) {
        look = null;
        if (unanswered == 0) {
            return;
        }
        long left = limit.toNanos() - (System.nanoTime() - since);
        if (left > 0) {
            lookIn(channel, left);
            return;
        }
        log.warn(
                "database.answer_overdue",
                kv("server", place),
                kv("seconds", limit.toSeconds()),
                kv("advice", "the connection is closed; is PostgreSQL, or what stands before it, frozen or cut off?"));
        cut(channel.channel());
    }
}
