// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.hang;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.Assembly;
import org.xenolith.machine.CoreMachine;
import org.xenolith.machine.ToyMachine;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.platform.api.Platform;
import org.xenolith.regs.DeviceState;

/** A model that throws through another one costs itself its place, not the one that called it. */
class ThrowersTest {
  private static final long BUS = 0x9000;
  private static final Map<String, String> BUNDLES = Map.of(ToyBus.class.getName(), "toy.bus", BrokenCard.class.getName(), "toy.broken",
      SoundCard.class.getName(), "toy.sound");

  private final List<String> events = new ArrayList<>();

  /** Where a bus and its cards meet; public for {@link org.xenolith.machine.places.Ports}. */
  public static final class Socket {
    private final List<Function<Long, Long>> cards = new ArrayList<>();

    /** Made by the core. */
    public Socket() {}
  }

  private abstract static class Toy implements DeviceModel {
    private final DeviceState state = new DeviceState();

    @Override
    public DeviceState state() {
      return state;
    }

    @Override
    public void reset() {}
  }

  private static final class ToyBus extends Toy implements MmioHandler {
    private final Socket socket;

    ToyBus(DeviceContext context) {
      socket = context.port(Socket.class);
      context.bus().window(0, AccessRule.WORD, this);
    }

    @Override
    public long read(long offset, int size) {
      int card = (int) offset / 4;
      if (card >= socket.cards.size()) {
        throw new IllegalStateException("no card " + card);
      }
      return socket.cards.get(card).apply(offset);
    }

    @Override
    public void write(long offset, int size, long value) {}
  }

  private static final class BrokenCard extends Toy {
    BrokenCard(DeviceContext context) {
      context.port("/bus@9000", Socket.class).cards.add(offset -> List.of(1L, 2L).get((int) (7 + offset)));
    }
  }

  private static final class SoundCard extends Toy {
    SoundCard(DeviceContext context) {
      context.port("/bus@9000", Socket.class).cards.add(offset -> 42L);
    }
  }

  private CoreMachine machine(String... cards) {
    ToyMachine toy = new ToyMachine(1, Platform.Timing.STANDARD, cpu -> {}).device("/bus@9000", "bus", BUS)
        .model("bus", ToyBus::new).model("broken", BrokenCard::new).model("sound", SoundCard::new);
    for (int i = 0; i < cards.length; i++) {
      toy.device("/bus@9000/card@" + i, cards[i], 0x10_0000 + 0x1000L * i);
    }
    Suspects suspects = new Suspects(name -> new CodeOwners.Owner(BUNDLES.getOrDefault(name.replaceAll("\\$\\$.*|/.*", ""), ""), false),
        toy.offers);
    return new Assembly(toy.offers, (change, journal) -> {}, closed -> {}, new Watchdog(suspects))
        .build(new MachineRequest(toy.platform(), "", Map.of()), (kind, place, text) -> events.add(kind + " " + place));
  }

  private static long read(CoreMachine machine, int card) {
    return ToyMachine.cpu(machine, 0).env.bus().read(BUS + 4L * card, 4);
  }

  @Test
  void aCardThatThrowsLosesItsPlaceAndItsBusServesTheOthers() {
    CoreMachine machine = machine("broken", "sound");
    assertEquals(0xFFFF_FFFFL, read(machine, 0));
    assertEquals(List.of("model-failed /bus@9000/card@0"), events);
    assertEquals(42, read(machine, 1));
  }

  @Test
  void ofSeveralCardsThatNobodyCanTellApartAllGo() {
    CoreMachine machine = machine("broken", "sound", "broken");
    read(machine, 2);
    assertEquals(List.of("model-failed /bus@9000/card@0", "model-failed /bus@9000/card@2"), events);
    assertEquals(42, read(machine, 1));
  }

  @Test
  void aBusThatThrowsItselfLosesItsOwn() {
    CoreMachine machine = machine("sound");
    read(machine, 5);
    assertEquals(List.of("model-failed /bus@9000"), events);
  }

  @Test
  void whoListensToAnInputAndThrowsIsTakenOff() {
    CoreMachine machine = machine("broken", "sound");
    Socket socket = machine.hardware().ports.port("/bus@9000", Socket.class);
    machine.inputHandler("toy", (place, bytes) -> {
      socket.cards.getFirst().apply(0L);
      return bytes.length;
    });
    machine.start(new ArmEntry(0, 0));
    machine.input("toy", "/bus@9000", "x".getBytes(StandardCharsets.UTF_8));
    machine.run(new org.xenolith.machine.control.Machine.RunLimit(Long.MAX_VALUE, 1000));
    assertEquals(List.of("model-failed /bus@9000/card@0"), events);
  }
}
