// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

/**
 * A link of a chain of protocols: one that a driver made of the one before.
 *
 * @param handle   on which it is
 * @param protocol with the layer that published it
 */
public record ProtocolLink(HandleFacts handle, ProtocolFacts protocol) {}
