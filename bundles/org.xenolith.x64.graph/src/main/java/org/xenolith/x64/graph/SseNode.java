// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.ExceptionVector;

/** An instruction of MMX or SSE: whether it traps is looked at before it is carried out. */
abstract class SseNode extends Node {
  /** Whether it uses MMX registers: then the x87's tags become valid. */
  private final boolean mmx;
  private final boolean sse;
  final SseSource destination;
  final SseSource source;

  SseNode(boolean mmx, boolean sse, @Nullable SseSource destination, @Nullable SseSource source) {
    this.mmx = mmx;
    this.sse = sse;
    this.destination = destination;
    this.source = source;
  }

  @Override
  public final Node exec(Core c, long[] r) {
    if (sse && c.sseTrapped) {
      throw c.sseTrap();
    }
    if (mmx) {
      enterMmx(c);
    }
    run(c, r);
    if (mmx) {
      c.valid = 0xFF;
      c.top = 0;
    }
    return next;
  }

  private static void enterMmx(Core c) {
    if (c.x87Trapped) {
      throw c.mmxTrap();
    }
    if ((c.statusWord & 0x80) != 0) {
      throw c.fault(ExceptionVector.MF);
    }
  }

  abstract void run(Core c, long[] r);

  @Override
  public boolean usesStack() {
    return source != null && source.stack() || destination != null && destination.stack();
  }
}
