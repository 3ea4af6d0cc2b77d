// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import org.xenolith.hyp.api.Hypercall;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.Domctl;

/** The frame of the domctl that is being served, as copied from the caller. Used again for the next one. */
final class DomctlFrame {
  private final byte[] bytes = new byte[Domctl.SIZE];
  private final AbiBytes memory = new AbiBytes(bytes);
  private final Domctl view = new Domctl();

  DomctlFrame() {
    view.at(memory, 0);
  }

  /** Copies the frame in. @return false if it can't be read */
  boolean take(Hypercall call) {
    return call.read(call.argument(0), bytes, 0, Domctl.SIZE);
  }

  /** Copies the frame back. @return false if it can't be written */
  boolean giveBack(Hypercall call) {
    return call.write(call.argument(0), bytes, 0, Domctl.SIZE);
  }

  int operation() {
    return view.cmd();
  }

  int interfaceVersion() {
    return view.interfaceVersion();
  }

  /** The domid that the caller names. */
  int domain() {
    return view.domain();
  }

  /** The domid that the caller is told. */
  void domain(int domid) {
    view.domain(domid);
  }

  /** The frame's bytes. */
  AbiBytes memory() {
    return memory;
  }
}
