// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;

/** What a program has firmware remember has a bound: it is told that there is no room, and what it gives back is there again. */
class BoundsTest {
  private static final int DATA = 4;
  private static final int CONVENTIONAL = 7;
  private static final EfiGuid ONE = guid(1);

  private final PageMap pages = new PageMap();
  private final Pool pool = new Pool(pages);
  private final Handles handles = new Handles(pool);
  private final Notifications notifications = new Notifications(handles);

  BoundsTest() {
    pages.add(0x10_0000, 0x4000_0000, CONVENTIONAL);
    handles.onInstall((handle, protocol) -> notifications.installed(handle, protocol));
  }

  private static EfiGuid guid(int number) {
    return EfiGuid.of("%08x-0000-0000-0000-000000000000".formatted(number));
  }

  private static void full(Runnable action) {
    EfiError full = assertThrows(EfiError.class, action::run);
    assertEquals(EfiStatus.OUT_OF_RESOURCES, full.status());
  }

  @Test
  void piecesOfThePool() {
    long last = 0;
    for (int i = 0; i < Pool.MOST; i++) {
      last = pool.allocate(DATA, 1);
    }
    full(() -> pool.allocate(DATA, 1));
    pool.free(last);
    pool.allocate(DATA, 1);
  }

  @Test
  void protocolsOfAHandle() {
    long handle = handles.install(0, guid(0), 1);
    for (int i = 1; i < Handles.MOST_PROTOCOLS; i++) {
      handles.install(handle, guid(i), 1);
    }
    full(() -> handles.install(handle, guid(-1), 1));
    handles.restore(handles.save());
    full(() -> handles.install(0, guid(0), 1));
    handles.uninstall(handle, guid(7), 1);
    handles.install(0, guid(0), 1);
  }

  @Test
  void usesOfAProtocol() {
    long handle = handles.install(0, ONE, 1);
    for (int i = 0; i < Handles.MOST_USES; i++) {
      handles.open(handle, ONE, i, 0, Handles.BY_HANDLE);
    }
    full(() -> handles.open(handle, ONE, -1, 0, Handles.BY_HANDLE));
    handles.open(handle, ONE, 3, 0, Handles.BY_HANDLE);
    assertEquals(Handles.MOST_USES, handles.uses(handle, ONE).size());
  }

  @Test
  void registrationsAndWhatTheyAreToldOf() {
    for (int i = 0; i < Notifications.MOST; i++) {
      notifications.add(i + 1L, ONE, 1);
    }
    full(() -> notifications.add(-1, ONE, 1));
    for (int i = 0; i < Notifications.MOST_FOUND + 5; i++) {
      handles.install(0, ONE, 1);
    }
    int told = 0;
    while (notifications.next(1) != 0) {
      told++;
    }
    assertEquals(Notifications.MOST_FOUND, told);
  }
}
