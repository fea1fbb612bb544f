package io.waxwatch.provider.http;

/**
 * On whose behalf a call is made.
 *
 * @param purpose what for, and out of whose budget
 * @param recorder takes note of it
 */
public record CallOrigin(CallPurpose purpose, CallRecorder recorder) {}
