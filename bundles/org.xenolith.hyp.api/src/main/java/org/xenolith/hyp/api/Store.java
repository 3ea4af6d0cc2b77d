// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.DeviceContext;

/** XenStore as the hypervisor's own parts use it, with all rights. Paths are absolute; values are bytes, as text ISO 8859-1. */
@ConsumerType
public interface Store {
  /** A node's value, or null if there is no such node. */
  String read(String path);

  /** A node for people: its value in quotation marks, and its permissions; empty if there is none. Nothing of the store changes by it, nor is anything due by it. */
  default String shown(String path) {
    return "";
  }

  /** Writes a node, making it and its parents as needed. @return false if it can't be (path, quota) */
  boolean write(String path, String value);

  /** Removes a node with all below it; nothing happens if it isn't there. */
  void remove(String path);

  /** Names of a node's children, in order; empty if it has none or isn't there. */
  List<String> list(String path);

  /**
   * Sets a node's permissions, for example {@code n0 r5}: owner and what others may, then one entry a domain
   * ({@code xenstore-chmod}).
   */
  void permit(String path, String permissions);

  /**
   * Hears of changes at or below a path, and once at first. A watch replaces an earlier one of the same owner and path, which
   * heard that first time already. Fires after the change, never inside a call of this interface.
   */
  void watch(String path, StoreWatch watch, DeviceContext owner);

  /** Hears no more. */
  void unwatch(StoreWatch watch);

  /** Connects a domain: its store page and its port. @return 0 or a negative errno */
  int introduce(Domain domain, long gfn, int port);

  /** Nodes that a domain owns. */
  int owned(Domain domain);
}
