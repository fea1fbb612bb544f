/**
 * Pure matching: what a collector asked for, what a marketplace offers, and the decision between the two.
 *
 * <p>Nothing here does I/O, holds a clock or knows Vert.x. {@link io.waxwatch.common.matching.RuleMatcher} and
 * {@link io.waxwatch.common.matching.ReleaseMatcher} decide one pair and explain themselves;
 * {@link io.waxwatch.common.matching.WatchIndex} answers the same question for a million watches at once and must agree
 * with them exactly.
 */
package io.waxwatch.common.matching;
