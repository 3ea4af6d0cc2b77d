// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.PortState;
import org.xenolith.machine.api.RolePort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/**
 * Port of the heap of frames, which the core brings. It is saved with the machine here, so that it outlives the core. Without
 * a heap there is no RAM: nothing can be allocated, and nobody owns anything.
 */
public final class FrameHeapPort extends RolePort<FrameHeap> implements FrameHeap, PortState {
  private final DeviceState state = new DeviceState();

  /** No heap yet. */
  public FrameHeapPort() {
    state.varying("frames", this::clear, this::save, this::restore);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void machineReset() {
    state.reset();
  }

  @Override
  public long allocate(int owner, int count, int alignment) {
    return askLong(-1, heap -> heap.allocate(owner, count, alignment));
  }

  @Override
  public boolean allocateAt(int owner, long mfn, long count) {
    return ask(false, heap -> heap.allocateAt(owner, mfn, count));
  }

  @Override
  public int owner(long mfn) {
    FrameHeap heap = provider();
    DeviceContext itsOwner = owner();
    if (heap != null) {
      try {
        return heap.owner(mfn);
      } catch (Throwable bug) {
        threw(heap, itsOwner, bug);
      }
    }
    return -1;
  }

  @Override
  public void free(int owner, long mfn) {
    tell(heap -> heap.free(owner, mfn));
  }

  @Override
  public void freeAll(int owner) {
    tell(heap -> heap.freeAll(owner));
  }

  @Override
  public void hold(long mfn) {
    FrameHeap heap = provider();
    DeviceContext itsOwner = owner();
    if (heap != null) {
      try {
        heap.hold(mfn);
      } catch (Throwable bug) {
        threw(heap, itsOwner, bug);
      }
    }
  }

  @Override
  public void drop(long mfn) {
    FrameHeap heap = provider();
    DeviceContext itsOwner = owner();
    if (heap != null) {
      try {
        heap.drop(mfn);
      } catch (Throwable bug) {
        threw(heap, itsOwner, bug);
      }
    }
  }

  @Override
  public int held(long mfn) {
    return ask(0, heap -> heap.held(mfn));
  }

  @Override
  public long free() {
    return askLong(0, FrameHeap::free);
  }

  @Override
  public long count(int owner) {
    return askLong(0, heap -> heap.count(owner));
  }

  @Override
  public long total() {
    return askLong(0, FrameHeap::total);
  }

  @Override
  public long end() {
    return askLong(0, FrameHeap::end);
  }

  @Override
  public void clear() {
    tell(FrameHeap::clear);
  }

  @Override
  public byte[] save() {
    return ask(new byte[0], FrameHeap::save);
  }

  /** @throws StateMismatch if there is no heap to take it, or it isn't of a heap of this size */
  @Override
  public void restore(byte[] saved) {
    FrameHeap heap = provider();
    if (heap != null) {
      heap.restore(saved);
    } else if (saved.length != 0) {
      throw new StateMismatch("frames: there is no heap to take " + saved.length + " bytes");
    }
  }
}
