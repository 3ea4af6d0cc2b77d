// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;

/** What can be said of how the board is described. */
class TablesOptionTest {
  private final TablesOption option = new TablesOption();

  private LaunchRequest request(String firmware, String tables) {
    LaunchRequest.Builder request = RequestBuilder.of("virt").option("firmware", firmware);
    option.use(List.of(tables), request);
    return request.build();
  }

  @Test
  void itIsAcpiOrTheTree() {
    assertTrue(TablesOption.isAcpi(request("xenolith", "acpi")));
    assertFalse(TablesOption.isAcpi(request("xenolith", "dt")));
    assertFalse(TablesOption.isAcpi(RequestBuilder.of("virt").build()));
    assertTrue(assertThrows(BadInput.class, () -> request("xenolith", "both")).getMessage().contains("expected acpi or dt"));
  }

  @Test
  void onlyThisFirmwareIsTold() {
    option.check(List.of("acpi"), Set.of("firmware", "tables"));
    assertThrows(BadInput.class, () -> option.check(List.of("acpi"), Set.of("tables")));
    BadInput refused = assertThrows(BadInput.class, () -> new FirmwareLaunch().serves(request("aavmf", "acpi")));
    assertTrue(refused.getMessage().contains("not aavmf"), refused::getMessage);
    assertEquals(List.of("acpi", "dt"), option.candidates());
  }
}
