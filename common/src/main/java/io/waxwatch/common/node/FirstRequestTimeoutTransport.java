package io.waxwatch.common.node;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.transport.Transport;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * The usual transport, with a bound for the first head of each connection to an HTTP server. A server that offers HTTP/2
 * without TLS has no other place for it: it tells of a connection only when the first head is there.
 */
final class FirstRequestTimeoutTransport implements Transport {

    private final Transport usual = io.vertx.core.transport.Transport.NIO.implementation();
    private final Duration firstHeadWithin;

    private FirstRequestTimeoutTransport(Duration firstHeadWithin) {
        this.firstHeadWithin = firstHeadWithin;
    }

    static io.vertx.core.transport.Transport of(Duration firstHeadWithin) {
        var implementation = new FirstRequestTimeoutTransport(firstHeadWithin);
        return new io.vertx.core.transport.Transport() {
            @Override
            public String name() {
                return "bounded-nio";
            }

            @Override
            public boolean available() {
                return implementation.isAvailable();
            }

            @Override
            public Throwable unavailabilityCause() {
                return implementation.unavailabilityCause();
            }

            @Override
            public Transport implementation() {
                return implementation;
            }
        };
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        usual.configure(options, domainSocket, bootstrap);
        if (options instanceof HttpServerOptions http && !http.isSsl()) {
            bootstrap.handler(new TimeoutInstaller());
        }
    }

    /** Sees each connection before the server does. */
    private final class TimeoutInstaller extends ChannelInboundHandlerAdapter {

        @Override
        public boolean isSharable() {
            // A name with several addresses binds a channel for each try.
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext listening, Object accepted) throws Exception {
            ((Channel) accepted).pipeline().addLast(new FirstRequestTimeout(firstHeadWithin));
            super.channelRead(listening, accepted);
        }
    }

    @Override
    public boolean supportsDomainSockets() {
        return usual.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return usual.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return usual.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return usual.unavailabilityCause();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        return usual.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
        return usual.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return usual.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return usual.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return usual.datagramChannel();
    }

    @Override
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return usual.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return usual.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return usual.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        usual.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        usual.configure(options, connectTimeout, domainSocket, bootstrap);
    }
}
