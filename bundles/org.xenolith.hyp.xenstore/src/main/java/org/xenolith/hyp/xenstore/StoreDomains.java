// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

/** Who connects and disconnects domains when a tool asks the store for it. */
interface StoreDomains {
  /** Connects to a domain's ring page and event channel; false when there is no such. */
  boolean introduce(int domain, long frame, int port);

  /** The store knows the domain no longer. */
  void released(int domain);

  /** Whoever traces the hypervisor hears of a request before it is answered. */
  default void asked(int domain, int type, byte[] payload) {}

  /** The same of a node that has changed, or is gone. @param domain who asked for it */
  default void changed(int domain, String path, boolean removed) {}

  /** For a store without rings. */
  StoreDomains NONE = new StoreDomains() {
    @Override
    public boolean introduce(int domain, long frame, int port) {
      return true;
    }

    @Override
    public void released(int domain) {
    }
  };
}
