// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

import org.xenolith.hyp.api.Hypercall;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.Sysctl;

/** A sysctl being served: the frame as copied from the caller. Used again for the next one. */
final class Request {
  private final byte[] bytes = new byte[Sysctl.SIZE];
  private final AbiBytes memory = new AbiBytes(bytes);
  private final Sysctl frame = new Sysctl();
  private Hypercall call;

  Request() {
    frame.at(memory, 0);
  }

  /** Copies the frame in. @return false if it can't be read */
  boolean take(Hypercall newCall) {
    call = newCall;
    return call.read(call.argument(0), bytes, 0, Sysctl.SIZE);
  }

  /** Copies the frame back. @return false if it can't be written */
  boolean giveBack() {
    return call.write(call.argument(0), bytes, 0, Sysctl.SIZE);
  }

  Sysctl frame() {
    return frame;
  }

  Hypercall call() {
    return call;
  }

  /** The frame's bytes. */
  AbiBytes memory() {
    return memory;
  }

  /** Points a view at the operation's own argument. */
  <T extends AbiStruct> T argument(T view) {
    view.at(memory, Sysctl.ARGUMENT);
    return view;
  }
}
