/** What is asked upstream and when: plans, keys and the schedule. */
package io.waxwatch.common.polls;
