// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.InterfaceContract;
import org.xenolith.testkit.efi.OfferedProtocols;

/** EFI_HII_CONFIG_ROUTING_PROTOCOL where no driver has a configuration. */
class ConfigRoutingTest extends InterfaceContract {
  private static final EfiGuid ROUTING = EfiGuid.of("587e72d7-cc50-4f79-8209-ca291fc1a10f");
  private static final int EXTRACT = 0;
  private static final int EXPORT = 1;
  private static final int ROUTE = 2;
  private static final int BLOCK_TO_CONFIG = 3;
  private static final int CONFIG_TO_BLOCK = 4;
  private static final int GET_ALT = 5;
  private static final long MARK = 0x5A5A_5A5A_5A5AL;
  private static final String HEADER =
      "GUID=721cf8a7cc504f798209ca291fc1a10f&NAME=0053006500740075&PATH=01041400d041030a0000000001010600011f7fff0400";

  private FakeFirmware firmware;
  private long routing;
  private long progress;
  private long results;

  @BeforeEach
  void begin() {
    firmware = OfferedProtocols.of(new HiiLayer()).firmware();
    routing = firmware.handles().find(firmware.handles().handles(ROUTING).getFirst(), ROUTING);
    progress = firmware.room(8);
    results = firmware.room(8);
    firmware.memory().put64(progress, MARK);
    firmware.memory().put64(results, MARK);
  }

  @Override
  protected Published published() {
    return Published.of(firmware, routing, 48, 0, 6);
  }

  private long text(String text) {
    long at = firmware.room(2 * text.length() + 2);
    firmware.memory().write(at, (text + '\0').getBytes(StandardCharsets.UTF_16LE));
    return at;
  }

  private EfiStatus call(int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = routing;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStatus.of(firmware.call(firmware.memory().get64(routing + 8L * function), all));
  }

  private long progress() {
    return firmware.memory().get64(progress);
  }

  /** It is on the database's handle: libraries of programs look for the database, for strings and for this one. */
  @Test
  void itIsBesideTheDatabase() {
    assertEquals(firmware.handles().handles(Protocol.HII_DATABASE), firmware.handles().handles(ROUTING));
  }

  /** Progress is at the G of GUID (UEFI 2.10, 35.4). */
  @Test
  void routingDataMatchesNoDriver() {
    for (String more : new String[] {"", "&OFFSET=0&WIDTH=0001", "&Fred=16&" + HEADER}) {
      long request = text(HEADER + more);
      assertEquals(EfiStatus.NOT_FOUND, call(EXTRACT, request, progress, results));
      assertEquals(request, progress());
      firmware.memory().put64(progress, MARK);
      assertEquals(EfiStatus.NOT_FOUND, call(ROUTE, request, progress));
      assertEquals(request, progress());
      assertEquals(EfiStatus.NOT_FOUND, call(BLOCK_TO_CONFIG, request, firmware.room(16), 16, results, progress));
      assertEquals(request, progress());
      long size = firmware.room(8);
      firmware.memory().put64(size, 16);
      assertEquals(EfiStatus.NOT_FOUND, call(CONFIG_TO_BLOCK, request, firmware.room(16), size, progress));
      assertEquals(request, progress());
      assertEquals(EfiStatus.NOT_FOUND, call(GET_ALT, request, 0, 0, 0, 0, results));
      assertEquals(MARK, firmware.memory().get64(results), "no results");
    }
  }

  @Test
  void whatIsNoRoutingDataIsSaidFromItsBeginning() {
    for (String wrong : new String[] {"", "GUID", "NAME=0053&" + HEADER, HEADER.substring(0, 30), HEADER.replace("NAME", "NAM"), HEADER
        .replace("&PATH", ""), HEADER + "x", HEADER.replace("721c", "721g")}) {
      for (int function : new int[] {EXTRACT, ROUTE}) {
        firmware.memory().put64(progress, MARK);
        long request = text(wrong);
        assertEquals(EfiStatus.INVALID_PARAMETER, call(function, request, progress, results), wrong);
        assertEquals(request, progress(), wrong);
      }
    }
  }

  @Test
  void withoutARequestThereIsNoProgress() {
    assertEquals(EfiStatus.INVALID_PARAMETER, call(EXTRACT, 0, progress, results));
    assertEquals(0, progress());
    firmware.memory().put64(progress, MARK);
    assertEquals(EfiStatus.INVALID_PARAMETER, call(ROUTE, 0, progress));
    assertEquals(0, progress());
    long request = text(HEADER);
    assertEquals(EfiStatus.INVALID_PARAMETER, call(EXTRACT, request, 0, results));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(EXTRACT, request, progress, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(ROUTE, request, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(EXPORT, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(BLOCK_TO_CONFIG, request, 0, 16, results, progress));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(CONFIG_TO_BLOCK, request, firmware.room(16), 0, progress));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(GET_ALT, request, 0, 0, 0, 0, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(GET_ALT, 0, 0, 0, 0, 0, results));
  }

  /** A string that the caller gives back to the pool. */
  @Test
  void allConfigurationsAreAnEmptyText() {
    long pool = firmware.room(16);
    firmware.memory().put64(pool, -1);
    firmware.service(BootService.ALLOCATE_POOL, call -> {
      assertEquals(List.of(4L, 2L), List.of(call.argument(0), call.argument(1)), "data of boot services, a character");
      firmware.memory().put64(call.argument(2), pool);
      return EfiStep.done();
    });
    assertEquals(EfiStatus.SUCCESS, call(EXPORT, results));
    assertEquals(pool, firmware.memory().get64(results));
    assertEquals("", firmware.memory().text(pool, 10));
    firmware.service(BootService.ALLOCATE_POOL, call -> EfiStep.done(EfiStatus.OUT_OF_RESOURCES));
    assertEquals(EfiStatus.OUT_OF_RESOURCES, call(EXPORT, results));
  }
}
