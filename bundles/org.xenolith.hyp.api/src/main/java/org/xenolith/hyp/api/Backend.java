// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/**
 * One device of a back end in the service domain: where its two ends are in the store.
 *
 * @param domain   whose device it is
 * @param id       its number among the domain's devices of the kind
 * @param path     our end in the store
 * @param frontend the domain's end in the store
 */
public record Backend(Domain domain, String id, String path, String frontend) {
  /** What the driver keeps it under, also across hand-overs: the domain's serial and the device's number. */
  public String key() {
    return "%05d/%s".formatted(domain.serial(), id);
  }
}
