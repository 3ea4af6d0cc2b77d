// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.LinkFault;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** What stations see of a switch that is absent, comes, is exchanged, or breaks; and the switch of them. */
class EthernetPortTest {
  private static final byte[] FRAME = new byte[EthernetPort.HEADER];

  private final List<String> told = new ArrayList<>();
  private final EthernetPort port = new EthernetPort();
  private final DeviceContext card = owner("card");

  /** A switch that tells what it is told, or throws. */
  private final class Switch implements EthernetSwitch {
    private final String name;
    private boolean broken;

    private Switch(String name) {
      this.name = name;
    }

    private void tell(String what) {
      if (broken) {
        throw new IllegalStateException(name + " is broken");
      }
      told.add(name + " " + what);
    }

    @Override
    public void joined(StationPort station) {
      tell("joined " + station.name());
    }

    @Override
    public void left(StationPort station) {
      tell("left " + station.name());
    }

    @Override
    public void send(StationPort from, byte[] bytes, int offset, int length, int offload, int segment) {
      tell("send " + from.name() + " " + length + " " + offload + " " + segment);
    }
  }

  /** A station that tells what comes. */
  private final class Sink implements FrameSink {
    private final String name;
    private boolean broken;

    private Sink(String name) {
      this.name = name;
    }

    private void tell(String what) {
      if (broken) {
        throw new IllegalStateException(name + " is broken");
      }
      told.add(name + " " + what);
    }

    @Override
    public void frame(byte[] bytes, int offset, int length, int offload, int segment) {
      tell("frame " + length);
    }

    @Override
    public void carrierChanged() {
      tell(port.present() ? "up" : "down");
    }
  }

  private DeviceContext owner(String instance) {
    return context(instance, null, new HashMap<>());
  }

  private DeviceContext context(String instance, Platform platform, Map<String, EthernetPort> ports) {
    return (DeviceContext) Proxy.newProxyInstance(DeviceContext.class.getClassLoader(), new Class<?>[] {DeviceContext.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "instance" -> instance;
          case "node" -> new PlatformNode('/' + instance, instance, "/", List.of(), List.of(), true, List.of(), List.of(), Map.of());
          case "platform" -> platform;
          case "port" -> ports.computeIfAbsent(arguments.length == 1 ? instance : (String) arguments[0], path -> new EthernetPort());
          case "failed" -> told.add(instance + " failed: " + ((Throwable) arguments[0]).getMessage());
          default -> throw new UnsupportedOperationException(method.getName());
        });
  }

  private Switch attached(String name) {
    Switch made = new Switch(name);
    port.attach(made, owner(name));
    return made;
  }

  private String told() {
    String all = String.join(", ", told);
    told.clear();
    return all;
  }

  @BeforeEach
  void nothingIsThere() {
    assertFalse(port.present());
  }

  @Test
  void withoutASwitchFramesAreDroppedAndCounted() {
    StationPort station = port.join("lan", "0", new Sink("a"), card);
    station.send(FRAME, 0, FRAME.length);
    assertEquals(1, port.dropped());
    assertEquals("", told());
    assertTrue(station.joined());
    assertEquals("lan", station.segment());
    assertEquals("card 0", station.name());
    assertEquals(-1, station.place());
  }

  @Test
  void switchThatComesFindsTheStationsAndTheyAreTold() {
    StationPort station = port.join("lan", "0", new Sink("a"), card);
    attached("s");
    assertEquals("a up", told());
    assertEquals(List.of(station), port.stations());
    station.send(FRAME, 0, FRAME.length, Offload.TCP4, 1448);
    assertEquals("s send card 0 14 4 1448", told());
    assertEquals(0, port.dropped());
  }

  /** The carrier doesn't go: what was on its way is the switches' own matter. */
  @Test
  void laterVersionOfASwitchTakesOverUnnoticed() {
    StationPort station = port.join("lan", "0", new Sink("a"), card);
    Switch first = attached("s1");
    told();
    attached("s2");
    port.detach(first); // it goes after the other came
    assertEquals("", told());
    station.send(FRAME, 0, FRAME.length);
    assertEquals("s2 send card 0 14 0 0", told());
  }

  @Test
  void switchThatGoesTakesTheCarrierAlong() {
    StationPort station = port.join("lan", "0", new Sink("a"), card);
    Switch only = attached("s");
    told();
    port.detach(only);
    assertEquals("a down", told());
    station.send(FRAME, 0, FRAME.length);
    assertEquals(1, port.dropped());
  }

  /** A later version of a device has the same place: the segment sees no one leave, unless it is another segment. */
  @Test
  void stationIsHandedOverByOwnerAndKey() {
    attached("s");
    StationPort first = port.join("lan", "0", new Sink("a"), card);
    StationPort second = port.join("lan", "0", new Sink("b"), owner("card"));
    assertFalse(first.joined());
    assertEquals("s joined card 0, s joined card 0", told());
    first.leave(); // it is not there any more, and says so too late
    assertEquals(List.of(second), port.stations());
    port.join("dmz", "0", new Sink("c"), card);
    assertEquals("s left card 0, s joined card 0", told());
    port.join("lan", "1", new Sink("d"), card);
    port.join("lan", "0", new Sink("e"), owner("other"));
    assertEquals(2, port.stations(card).size());
    assertEquals(3, port.stations().size());
  }

  @Test
  void whoHasLeftHearsAndSaysNothing() {
    attached("s");
    StationPort station = port.join("lan", "0", new Sink("a"), card);
    told();
    station.leave();
    station.leave();
    assertEquals("s left card 0", told());
    station.send(FRAME, 0, FRAME.length);
    station.deliver(FRAME, 0, FRAME.length, 0, 0);
    assertEquals("", told());
    assertEquals(0, station.offloads());
    assertEquals(1, port.dropped());
  }

  @Test
  void frameOfAnImpossibleSizeIsDropped() {
    attached("s");
    StationPort station = port.join("lan", "0", new Sink("a"), card);
    told();
    byte[] bytes = new byte[EthernetPort.MOST + 1];
    station.send(bytes, 0, EthernetPort.HEADER - 1);
    station.send(bytes, 0, EthernetPort.MOST + 1);
    assertEquals(2, port.dropped());
    assertEquals("", told());
    station.send(bytes, 0, EthernetPort.MOST);
    assertEquals("s send card 0 65553 0 0", told());
  }

  @Test
  void switchThatThrowsIsTakenOutAndNobodyElse() {
    StationPort station = port.join("lan", "0", new Sink("a"), card);
    attached("s").broken = true;
    told();
    station.send(FRAME, 0, FRAME.length);
    assertEquals("a down, s failed: s is broken", told());
    assertFalse(port.present());
    assertTrue(station.joined());
    attached("s2");
    assertEquals("a up", told());
  }

  @Test
  void stationThatThrowsIsTakenOffAndNobodyElse() {
    Sink sink = new Sink("a");
    StationPort station = port.join("lan", "0", sink, card);
    attached("s");
    told();
    sink.broken = true;
    station.deliver(FRAME, 0, FRAME.length, 0, 0);
    assertEquals("s left card 0, card failed: a is broken", told());
    assertFalse(station.joined());
    assertTrue(port.present());
  }

  @Test
  void sinkThatDoesNotSayTakesCompleteFramesOnly() {
    attached("s");
    StationPort station = port.join("lan", "0", (bytes, offset, length, offload, segment) -> told.add("frame"), card);
    assertEquals(0, station.offloads());
    assertEquals(List.of(1, 2, 4, 8, 16), List.of(Offload.CHECKSUM, Offload.VALIDATED, Offload.TCP4, Offload.TCP6, Offload.CHECKSUM6));
  }

  /** Where all of a machine meet: at the hypervisor, else at the switch's own node, else each is alone. */
  @Test
  void allOfAMachineShareOnePort() {
    PlatformNode alone = node("/card", "acme,card");
    PlatformNode ethernet = node("/ethernet", NetworkNodes.COMPATIBLE);
    PlatformNode hypervisor = node("/xenolith", "xenolith,hypervisor");
    Map<String, EthernetPort> ports = new HashMap<>();
    assertSame(EthernetPort.of(context("/card", platform(alone), ports)), ports.get("/card"));
    assertSame(EthernetPort.of(context("/card", platform(alone, ethernet), ports)), ports.get("/ethernet"));
    assertSame(EthernetPort.of(context("/card", platform(alone, ethernet, hypervisor), ports)), ports.get("/xenolith"));
    PlatformNode off = new PlatformNode("/off", "off", "/", List.of(), List.of(NetworkNodes.COMPATIBLE), false, List.of(), List.of(), Map
        .of());
    assertSame(EthernetPort.of(context("/card", platform(off, alone), ports)), ports.get("/card"));
    assertEquals(3, ports.size());
  }

  private static Platform platform(PlatformNode... nodes) {
    return new Platform("test", null, List.of(nodes), Platform.Timing.STANDARD);
  }

  private static PlatformNode node(String path, String compatible) {
    return new PlatformNode(path, path.substring(1), "/", List.of(), List.of(compatible), true, List.of(), List.of(), Map.of());
  }

  @Test
  void aLinkThatIsDownCarriesNothingAndTheStationIsTold() {
    Switch carrier = attached("switch");
    StationPort station = port.join("net0", "card", new Sink("card"), card);
    told();
    assertFalse(port.link("/other", false, fault(true)), "no station is at that node");
    assertTrue(port.link("/card", false, fault(true)));
    assertEquals("card up", told(), "it is told of a change, and asks");
    assertFalse(station.up());
    station.send(FRAME, 0, FRAME.length);
    station.deliver(FRAME, 0, FRAME.length, 0, 0);
    assertEquals("", told());
    port.detach(carrier);
    told();
    assertTrue(port.link("/card", false, null));
    assertFalse(station.up(), "there is no switch");
    assertEquals("", told());
    attached("another");
    told();
    assertTrue(station.up());
    station.deliver(FRAME, 0, FRAME.length, 0, 0);
    assertEquals("card frame 14", told());
    station.leave();
    assertFalse(station.up());
  }

  @Test
  void aLinkThatLosesFramesCountsThemBothWays() {
    attached("switch");
    StationPort station = port.join("net0", "card", new Sink("card"), card);
    told();
    assertTrue(port.link("/card", false, fault(false)));
    assertTrue(station.up());
    for (int i = 0; i < 2; i++) {
      station.send(FRAME, 0, FRAME.length);
      station.deliver(FRAME, 0, FRAME.length, 0, 0);
    }
    station.deliver(FRAME, 0, FRAME.length, 0, 0);
    assertEquals("switch send card card 14 0 0, switch send card card 14 0 0, card frame 14", told());
    StationPort later = port.join("net0", "card", new Sink("later"), card);
    told();
    later.deliver(FRAME, 0, FRAME.length, 0, 0);
    assertEquals("", told(), "whoever takes over has the same link");
  }

  /** Down, or one that loses each other frame. */
  private static LinkFault fault(boolean down) {
    int[] passed = new int[1];
    return new LinkFault() {
      @Override
      public boolean down() {
        return down;
      }

      @Override
      public boolean loses() {
        passed[0]++;
        return down || passed[0] % 2 == 0;
      }
    };
  }
}
