// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;
import org.xenolith.efi.api.EfiGuid;

/**
 * What is known of a protocol of a handle.
 *
 * @param guid  which protocol
 * @param name  its name, such as {@code BlockIo}; the GUID's text for one that {@link Protocol} doesn't have
 * @param layer the layer that published the interface; empty if it is the core's or a guest's
 * @param uses  who has it open
 */
public record ProtocolFacts(EfiGuid guid, String name, String layer, List<UseFacts> uses) {
  /** Copies the list. */
  public ProtocolFacts {
    uses = List.copyOf(uses);
  }
}
