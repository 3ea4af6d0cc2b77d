// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.xenolith.efi.api.EfiGuid;

/**
 * What is known of a handle.
 *
 * @param number    its place among all handles, from 1, as in {@code dh}; another one as soon as an earlier handle is gone
 * @param handle    the handle itself, the same for as long as it lives
 * @param path      its device path as text (UEFI 2.10, 10.6); empty without one, in parentheses what is wrong with one that can't be read
 * @param protocols in the order of their installation
 * @param children  handles that bus drivers made for it, in the order of their making
 * @param parents   handles for which bus drivers made it
 */
public record HandleFacts(int number, long handle, String path, List<ProtocolFacts> protocols, List<Long> children, List<Long> parents) {
  /** Copies the lists. */
  public HandleFacts {
    protocols = List.copyOf(protocols);
    children = List.copyOf(children);
    parents = List.copyOf(parents);
  }

  /** One of its protocols; empty if it hasn't it. */
  public Optional<ProtocolFacts> protocol(EfiGuid guid) {
    return protocols.stream().filter(each -> each.guid().equals(guid)).findFirst();
  }

  /** Whether it has a protocol. */
  public boolean has(EfiGuid guid) {
    return protocol(guid).isPresent();
  }

  /** All uses of its protocols with an attribute, in the order of the protocols. */
  public Stream<UseFacts> uses(int attribute) {
    return protocols.stream().flatMap(each -> each.uses().stream()).filter(use -> use.has(attribute));
  }

  /** Names of the drivers that manage it, in the order of the protocols. */
  public List<String> managers() {
    Map<Long, String> names = new LinkedHashMap<>();
    uses(HandleDatabase.BY_DRIVER).forEach(use -> names.putIfAbsent(use.agent(), use.name()));
    return List.copyOf(names.values());
  }
}
