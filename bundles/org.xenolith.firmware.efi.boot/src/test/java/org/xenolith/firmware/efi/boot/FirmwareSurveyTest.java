// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.DriverFacts;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.FirmwareFacts;
import org.xenolith.efi.boot.api.FirmwareInventoryPort;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.HandleFacts;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.efi.boot.api.LayerFacts;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.boot.api.OpenCallFacts;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.ProtocolFacts;
import org.xenolith.efi.boot.api.UseFacts;
import org.xenolith.efi.boot.kit.DevicePath;

/** What programs learn of firmware that runs. */
class FirmwareSurveyTest {
  private static final String PATH = "HD(1,GPT,00000000-0000-0000-0000-000000000000,0x800,0x64)";
  private final Stand stand = new Stand();

  private List<FirmwareFacts> firmwares() {
    return stand.context.port(FirmwareInventoryPort.class).firmwares();
  }

  private FirmwareFacts facts() {
    assertEquals(1, firmwares().size());
    return firmwares().getFirst();
  }

  private HandleDatabase handles() {
    return stand.firmware().handles();
  }

  private long withPath() {
    byte[] path = new DevicePath().partition(1, 2048, 100, new byte[16], 2).bytes();
    long at = stand.room(path.length);
    stand.memory.write(at, path);
    return handles().install(0, Protocol.DEVICE_PATH, at);
  }

  /** A driver of a layer's that is named. */
  private long driver(EfiLayer layer) {
    long binding = stand.firmware().interfaceMemory(layer, 48, 0);
    stand.memory.put32(binding + 24, 0xFFFF_FFF1L);
    long driver = handles().install(0, Protocol.DRIVER_BINDING, binding);
    long names = stand.room(64);
    stand.memory.write(names + 32, "Some Driver\0".getBytes(StandardCharsets.UTF_16LE));
    handles().install(driver, Protocol.COMPONENT_NAME2, names);
    return driver;
  }

  @Test
  void handlesDriversAndLayersAreFactsWithWhoUsesWhat() {
    assertEquals(List.of(), firmwares(), "nobody has entered it");
    stand.layer("test", Map.of());
    stand.enter();
    EfiLayer layer = stand.context.port(LayersPort.class).layer("test").layer();
    long controller = withPath();
    long driver = driver(layer);
    long child = withPath();
    handles().install(controller, Protocol.BLOCK_IO, stand.firmware().interfaceMemory(layer, 48, 0));
    handles().open(controller, Protocol.BLOCK_IO, driver, controller, HandleDatabase.BY_DRIVER);
    handles().open(controller, Protocol.BLOCK_IO, driver, child, HandleDatabase.BY_CHILD_CONTROLLER);
    handles().open(controller, Protocol.BLOCK_IO, stand.firmware().image(), 0, HandleDatabase.GET_PROTOCOL);
    FirmwareFacts facts = facts();
    assertEquals("", facts.name(), "the machine's own");
    HandleFacts found = facts.handle(controller).orElseThrow();
    assertEquals(3, found.number());
    assertEquals(PATH, found.path());
    assertEquals(List.of(child), found.children());
    assertEquals(List.of(controller), facts.handle(child).orElseThrow().parents());
    assertEquals(List.of("DevicePath", "BlockIo"), found.protocols().stream().map(ProtocolFacts::name).toList());
    ProtocolFacts block = found.protocol(Protocol.BLOCK_IO).orElseThrow();
    assertEquals("test", block.layer());
    assertEquals("", found.protocol(Protocol.DEVICE_PATH).orElseThrow().layer(), "nobody's interface");
    assertEquals(List.of(new UseFacts(driver, "Some Driver", controller, HandleDatabase.BY_DRIVER, 1), new UseFacts(driver, "Some Driver",
        child, HandleDatabase.BY_CHILD_CONTROLLER, 1), new UseFacts(stand.firmware().image(), "firmware", 0, HandleDatabase.GET_PROTOCOL,
            1)), block.uses());
    assertEquals(List.of(new DriverFacts(driver, "Some Driver", 0xFFFF_FFF1L, "test", List.of(controller))), facts.drivers());
    assertEquals(List.of(new LayerFacts("test", 1, stand.context.instance())), facts.layers());
    // What a person reads is the same.
    assertEquals(List.of(PATH + "  [Some Driver]", "  " + PATH), stand.context.port(InspectionPort.class).answer("devtree"));
    assertEquals(List.of("  1  Some Driver"), stand.context.port(InspectionPort.class).answer("drivers"));
    assertEquals(List.of(" BLK0:  " + PATH), stand.context.port(InspectionPort.class).answer("map"));
  }

  @Test
  void callsThatAreOpenAreFacts() {
    stand.enter();
    assertEquals(List.of(), facts().calls());
    long event = stand.room(16);
    long asks = stand.guest(a -> {
      assertEquals(List.of(new OpenCallFacts("core", "CHECK_EVENT", 1, false, 0)), facts().calls());
      return 0;
    });
    stand.boot(BootService.CREATE_EVENT, 0x100, 16, asks, 0, event);
    stand.boot(BootService.CHECK_EVENT, stand.memory.get64(event));
  }

  @Test
  void nonsenseOfAGuestsIsNamed() {
    stand.enter();
    long nowhere = 0x10;
    long driver = handles().install(0, Protocol.DRIVER_BINDING, nowhere);
    handles().install(driver, Protocol.COMPONENT_NAME2, nowhere);
    handles().install(driver, Protocol.DEVICE_PATH, nowhere);
    handles().open(driver, Protocol.DEVICE_PATH, 0x1234, 0x5678, HandleDatabase.BY_CHILD_CONTROLLER);
    FirmwareFacts facts = facts();
    assertEquals(List.of(new DriverFacts(driver, "handle 0x" + Long.toHexString(driver), 0, "", List.of())), facts.drivers());
    HandleFacts found = facts.handle(driver).orElseThrow();
    assertTrue(found.path().startsWith("("), found::path);
    assertEquals("handle 0x1234", found.protocol(Protocol.DEVICE_PATH).orElseThrow().uses().getFirst().name());
    assertEquals(List.of(), facts.tree().getLast().below(), "a child that is no handle");
  }
}
