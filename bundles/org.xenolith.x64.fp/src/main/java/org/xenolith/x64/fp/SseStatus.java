// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * The exception flags that SSE arithmetic collects, owned by one CPU.
 *
 * <p>Operations only ever set bits. While all exceptions are masked, the CPU may keep MXCSR's sticky flags here: PE that is set already
 * saves looking for it. While one is unmasked, the CPU clears {@link #flags} before an instruction, so that it holds what this
 * instruction raised, asks {@link Mxcsr#unmasked} before it writes a result, and adds {@link Mxcsr#settled} to MXCSR.
 */
public final class SseStatus {
  /** Flags at MXCSR's positions, {@link Mxcsr#IE} to {@link Mxcsr#PE}. */
  public int flags;

  /** Where integer arithmetic leaves its results. */
  final Unrounded unrounded = new Unrounded();
}
