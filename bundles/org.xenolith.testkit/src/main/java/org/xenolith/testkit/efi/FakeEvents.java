// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.TreeSet;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;

/** Events of a {@link FakeFirmware}: they are made and closed, and never signalled. */
final class FakeEvents {
  private static final long FIRST = 0xE000_0001L;

  private final TreeSet<Long> open = new TreeSet<>();
  private long next = FIRST;

  /** CreateEvent: type, level, function, context, where the event goes. */
  EfiStep create(Call call) {
    call.firmware().memory().put64(call.argument(4), next);
    open.add(next++);
    return EfiStep.done();
  }

  /** CloseEvent. */
  EfiStep close(Call call) {
    return EfiStep.done(open.remove(call.argument(0)) ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER);
  }

  int count() {
    return open.size();
  }
}
