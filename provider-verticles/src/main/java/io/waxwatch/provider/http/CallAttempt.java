package io.waxwatch.provider.http;

import java.time.Duration;

/**
 * One attempt at a call.
 *
 * @param reader of a 2xx answer
 * @param number from 1
 * @param left what is left of the call's time budget; never negative
 */
record CallAttempt<T>(OutboundCall call, AnswerReader<T> reader, CallRecorder recorder, int number, Duration left) {}
