// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

/**
 * What is known of a call that is open.
 *
 * @param layer        whose function it is
 * @param function     its name
 * @param step         the step at which it is
 * @param waits        whether it waits for a time
 * @param microseconds for how long it has been open, in virtual time
 */
public record OpenCallFacts(String layer, String function, int step, boolean waits, long microseconds) {}
