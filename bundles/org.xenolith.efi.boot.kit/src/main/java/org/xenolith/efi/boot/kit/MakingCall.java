// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.Firmware;

/** A call whose firmware notes what is made. */
record MakingCall(Call call, Firmware firmware) implements Call {
  @Override
  public int step() {
    return call.step();
  }

  @Override
  public long argument(int index) {
    return call.argument(index);
  }

  @Override
  public long result() {
    return call.result();
  }

  @Override
  public long accessed(int index) {
    return call.accessed(index);
  }

  @Override
  public long get(int index) {
    return call.get(index);
  }

  @Override
  public void set(int index, long value) {
    call.set(index, value);
  }

  @Override
  public long room(int bytes) {
    return call.room(bytes);
  }

  @Override
  public void raise(int level) {
    call.raise(level);
  }

  @Override
  public boolean isBusy(int index, long value) {
    return call.isBusy(index, value);
  }
}
