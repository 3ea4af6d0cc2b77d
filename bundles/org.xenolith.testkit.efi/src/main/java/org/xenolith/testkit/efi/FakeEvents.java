// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;

/** Events of a {@link FakeFirmware}: they are made and closed, and signalled when somebody asks. */
final class FakeEvents {
  private static final long FIRST = 0xE000_0001L;
  private static final long NOTIFY_WAIT = 0x100;

  private record Event(long type, long function, long context) {}

  private final TreeMap<Long, Event> open = new TreeMap<>();
  private final Set<Long> signalled = new HashSet<>();
  private long next = FIRST;

  /** CreateEvent: type, level, function, context, where the event goes. */
  EfiStep create(Call call) {
    call.firmware().memory().put64(call.argument(4), next);
    open.put(next++, new Event(call.argument(0), call.argument(2), call.argument(3)));
    return EfiStep.done();
  }

  /** CloseEvent. */
  EfiStep close(Call call) {
    return EfiStep.done(open.remove(call.argument(0)) != null ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER);
  }

  /** SignalEvent. */
  EfiStep signal(Call call) {
    signalled.add(call.argument(0));
    return EfiStep.done();
  }

  /** CheckEvent: what waits calls its function first. */
  boolean check(FakeFirmware firmware, long event) {
    Event found = open.get(event);
    if (found != null && found.type == NOTIFY_WAIT && !signalled.contains(event)) {
      firmware.call(found.function, event, found.context);
    }
    return signalled.remove(event);
  }

  int count() {
    return open.size();
  }
}
