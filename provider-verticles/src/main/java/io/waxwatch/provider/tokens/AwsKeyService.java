package io.waxwatch.provider.tokens;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.waxwatch.common.digests.Digests;
import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.common.secrets.TokenCipher.KeyUnavailable;
import io.waxwatch.common.secrets.TokenCipher.KeyUnavailable.Reason;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.telemetry.Metrics.Name;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsAsyncClient;
import software.amazon.awssdk.services.kms.KmsAsyncClientBuilder;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;

/**
 * AWS KMS. The SDK looks for credentials on its caller's thread, which takes seconds where a metadata service is silent: so the client
 * is built, called and closed on threads of its own, and answers come back on the asker's context.
 *
 * <p>Knows whether its key can be used, and while it cannot, looks again until it can. One that does not answer is left alone for a
 * moment, so that a crowd of callers does not wait for it one after the other. Safe for all threads.
 */
final class AwsKeyService implements KeyService {

    private static final Logger log = LoggerFactory.getLogger(AwsKeyService.class);

    private static final String GENERATE = "generate_data_key";
    private static final String DECRYPT = "decrypt";
    private static final String OPERATION = "operation";
    private static final String OUTCOME = "outcome";
    private static final String OK = "ok";
    private static final String UNREADABLE = "unreadable";

    private static final int CONNECTIONS = 8;
    /** Calls under way and waiting; more are refused as if the service were away. */
    private static final int MOST_CALLS = 64;
    /** What a call may take beyond the SDK's own limit: the wait for a thread, and credentials. */
    private static final Duration MARGIN = Duration.ofSeconds(4);

    private static final int THREADS = 2;
    /** Looks at the key in nobody's name. */
    private static final UUID NOBODY = new UUID(0, 0);

    private final Vertx vertx;
    private final KmsOptions options;
    private final String provider;
    private final Metrics metrics;
    private final WorkerExecutor workers;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile KmsAsyncClient client;
    private volatile Reason trouble = Reason.AWAY;
    private volatile long restUntil;
    private volatile boolean resting;
    private volatile boolean closed;

    private AwsKeyService(Vertx vertx, KmsOptions options, String provider, Metrics metrics) {
        this.vertx = vertx;
        this.options = options;
        this.provider = provider;
        this.metrics = metrics;
        this.workers =
                vertx.createSharedWorkerExecutor("key-service-" + UUID.randomUUID(), THREADS, 30, TimeUnit.SECONDS);
        metrics.gauge(Name.TOKEN_KEY_AVAILABLE, () -> trouble == null ? 1 : 0);
    }

    /** There at zero from the start, whether or not the key service is used: a rate cannot see the first call. */
    static void countFromZero(Metrics metrics) {
        for (String operation : List.of(GENERATE, DECRYPT)) {
            for (String outcome : List.of(OK, UNREADABLE)) {
                metrics.counter(Name.TOKEN_KEY_CALLS, OPERATION, operation, OUTCOME, outcome);
            }
            for (Reason reason : Reason.values()) {
                metrics.counter(Name.TOKEN_KEY_CALLS, OPERATION, operation, OUTCOME, label(reason));
            }
        }
    }

    /**
     * Builds the client and begins to look at the key, which also loads the SDK's classes before somebody waits for them. Nobody waits
     * for the look, and a key that cannot be used fails nothing: it is tried again until it can.
     *
     * @param provider whose tokens are sealed: part of the encryption context
     */
    static Future<AwsKeyService> open(Vertx vertx, KmsOptions options, String provider, Metrics metrics) {
        var service = new AwsKeyService(vertx, options, provider, metrics);
        return service.workers
                .executeBlocking(() -> client(options), false)
                .map(built -> {
                    service.client = built;
                    return service;
                })
                .onSuccess(AwsKeyService::look)
                .onFailure(unusable -> service.workers.close());
    }

    private static KmsAsyncClient client(KmsOptions options) {
        KmsAsyncClientBuilder builder = KmsAsyncClient.builder()
                .region(Region.of(options.region()))
                .credentialsProvider(DefaultCredentialsProvider.builder().build())
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .maxConcurrency(CONNECTIONS)
                        .maxPendingConnectionAcquires(MOST_CALLS)
                        .connectionAcquisitionTimeout(options.call())
                        .connectionTimeout(options.attempt())
                        .eventLoopGroupBuilder(SdkEventLoopGroup.builder().numberOfThreads(1)))
                .asyncConfiguration(async -> async.advancedOption(
                        // We hop to a context of our own at once.
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .overrideConfiguration(limits -> limits.apiCallTimeout(options.call())
                        .apiCallAttemptTimeout(options.attempt())
                        .retryStrategy(RetryMode.STANDARD));
        if (options.endpoint() != null) {
            builder.endpointOverride(options.endpoint());
        }
        return builder.build();
    }

    /** Why the key cannot be used at present; empty when it can. */
    Optional<Reason> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public Future<DataKey> generate(UUID owner) {
        return leftAlone() ? Future.failedFuture(new KeyUnavailable(Reason.AWAY)) : generateNow(owner);
    }

    private Future<DataKey> generateNow(UUID owner) {
        GenerateDataKeyRequest request = GenerateDataKeyRequest.builder()
                .keyId(options.keyId())
                .keySpec(DataKeySpec.AES_256)
                .encryptionContext(context(owner))
                .build();
        return call(GENERATE, () -> client.generateDataKey(request)).map(AwsKeyService::dataKey);
    }

    @Override
    public Future<byte[]> unwrap(byte[] wrapped, UUID owner) {
        if (leftAlone()) {
            return Future.failedFuture(new KeyUnavailable(Reason.AWAY));
        }
        // Without the key's id: an alias may have moved to another key since, and the blob knows its own.
        DecryptRequest request = DecryptRequest.builder()
                .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                .encryptionContext(context(owner))
                .build();
        return call(DECRYPT, () -> client.decrypt(request)).map(AwsKeyService::plain);
    }

    /** Stops looking and closes the client, without waiting on an event loop. */
    Future<Void> close() {
        closed = true;
        return workers.executeBlocking(
                        () -> {
                            client.close();
                            return null;
                        },
                        false)
                .otherwiseEmpty()
                .compose(closedClient -> workers.close());
    }

    private Map<String, String> context(UUID owner) {
        return Map.of("user_id", owner.toString(), "provider", provider);
    }

    private boolean leftAlone() {
        return resting && System.nanoTime() - restUntil < 0;
    }

    private <T> Future<T> call(String operation, Supplier<CompletableFuture<T>> request) {
        if (closed || calls.incrementAndGet() > MOST_CALLS) {
            calls.decrementAndGet();
            return Future.failedFuture(new KeyUnavailable(Reason.AWAY));
        }
        Context asking = vertx.getOrCreateContext();
        return workers.executeBlocking(request::get, false)
                .compose(sent -> Future.fromCompletionStage(sent, asking))
                .timeout(options.call().plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(KmsFailures.of(cause, operation.equals(DECRYPT))))
                .onComplete(ended -> {
                    calls.decrementAndGet();
                    note(operation, ended.failed() ? (TokenCipher.Failed) ended.cause() : null);
                });
    }

    private void note(String operation, TokenCipher.Failed failed) {
        Reason reason = failed instanceof KeyUnavailable unavailable ? unavailable.reason() : null;
        String outcome = failed == null ? OK : reason == null ? UNREADABLE : label(reason);
        metrics.counter(Name.TOKEN_KEY_CALLS, OPERATION, operation, OUTCOME, outcome)
                .increment();
        if (reason == Reason.AWAY) {
            restUntil = System.nanoTime() + options.rest().toNanos();
            resting = true;
        } else {
            resting = false;
        }
        // A blob that may not be opened is perhaps an old key's; only making one tells of the key that seals.
        if (operation.equals(GENERATE) || reason == Reason.AWAY) {
            become(reason);
        }
    }

    private void become(Reason reason) {
        Reason before = trouble;
        trouble = reason;
        if (reason == null) {
            if (before != null) {
                log.info("tokens.key.available", kv("key", options.keyId()));
            }
            return;
        }
        if (before != reason || looks.get() == 0) {
            log.warn("tokens.key.unavailable", kv("key", options.keyId()), kv("reason", reason.text()));
        }
        lookLater();
    }

    private Future<Void> look() {
        return generateNow(NOBODY)
                .onSuccess(key -> Arrays.fill(key.plain(), (byte) 0))
                .mapEmpty();
    }

    private void lookLater() {
        if (!closed && looks.compareAndSet(0, 1)) {
            vertx.setTimer(options.lookAgain().toMillis(), due -> {
                looks.set(0);
                if (!closed && trouble != null) {
                    look().otherwiseEmpty();
                }
            });
        }
    }

    private static DataKey dataKey(GenerateDataKeyResponse answer) {
        return new DataKey(taken(answer.plaintext()), answer.ciphertextBlob().asByteArray(), name(answer.keyId()));
    }

    private static byte[] plain(DecryptResponse answer) {
        return taken(answer.plaintext());
    }

    /** A copy of our own, to be wiped by us; the SDK's is wiped here. */
    private static byte[] taken(SdkBytes plain) {
        byte[] theirs = plain.asByteArrayUnsafe();
        byte[] ours = theirs.clone();
        Arrays.fill(theirs, (byte) 0);
        if (ours.length != DATA_KEY_BYTES) {
            // Not what was asked for: nothing that a token could be blamed for.
            Arrays.fill(ours, (byte) 0);
            throw new KeyUnavailable(Reason.AWAY);
        }
        return ours;
    }

    /** The service answers with the key's ARN, whatever it was asked by: an alias that moves gives another name. */
    private static String name(String arn) {
        return HexFormat.of().formatHex(Digests.sha256(arn), 0, 4);
    }

    private static String label(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
