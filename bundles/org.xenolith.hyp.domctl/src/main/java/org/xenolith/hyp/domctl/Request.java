// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.Domctl;

/** A domctl being served: the frame as copied from the caller, and whom it concerns. Used again for the next one. */
final class Request {
  private final byte[] bytes = new byte[Domctl.SIZE];
  private final AbiBytes memory = new AbiBytes(bytes);
  private final Domctl frame = new Domctl();
  private Hypercall call;
  private Domain target;
  private boolean answered;

  Request() {
    frame.at(memory, 0);
  }

  /** Copies the frame in. @return false if it can't be read */
  boolean take(Hypercall newCall) {
    call = newCall;
    target = null;
    answered = false;
    return call.read(call.argument(0), bytes, 0, Domctl.SIZE);
  }

  /** Copies the frame back. @return false if it can't be written */
  boolean giveBack() {
    return call.write(call.argument(0), bytes, 0, Domctl.SIZE);
  }

  Domctl frame() {
    return frame;
  }

  Hypercall call() {
    return call;
  }

  Domain caller() {
    return call.domain();
  }

  /** Whom it concerns; null for createdomain, and where {@link PciAssignment#withoutTarget} says so. */
  Domain target() {
    return target;
  }

  void target(Domain domain) {
    target = domain;
  }

  /** Whether a domain asks this of itself, which most operations that pause their target refuse. */
  boolean ofItself() {
    return target == call.domain();
  }

  /** The frame's bytes. */
  AbiBytes memory() {
    return memory;
  }

  /** Points a view at the operation's own argument. */
  <T extends AbiStruct> T argument(T view) {
    view.at(memory, Domctl.ARGUMENT);
    return view;
  }

  /** The frame is to be copied back: the caller finds an answer in it. */
  void answer() {
    answered = true;
  }

  boolean answered() {
    return answered;
  }
}
