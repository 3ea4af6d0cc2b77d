// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.change.Handover;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.platform.api.Platform.Timing;

final class HandoverTest {
  private static final String BUNDLE = "toy.timer";
  private final ToyMachine toy = new ToyMachine(1, new Timing(1000, 100), HandoverTest::step)
      .device("/timer@9000", "toy,timer", 0x9000);
  /** The last model that an offer has made. */
  private DeviceModel made;
  private ModelOffer current = offer(ToyTimer::new);
  private final CoreMachine machine = toy.build();

  private static void step(org.xenolith.a64.arch.Cpu cpu) {
    cpu.x[1]++;
    if (cpu.x[1] % 50 == 1) {
      cpu.env.bus().write(0x9000, 4, 30);
    }
    if ((cpu.signals() & 1) != 0) {
      cpu.x[2] = cpu.x[2] * 31 + cpu.env.bus().read(0x9008, 8);
      cpu.env.bus().write(0x9004, 4, 0);
    }
  }

  private ModelOffer offer(Function<DeviceContext, DeviceModel> maker) {
    ModelOffer offer = toy.offer("toy,timer", 0, BUNDLE, context -> made = maker.apply(context));
    toy.offers.add(offer);
    return offer;
  }

  private Handover takeOutAndOffer(Function<DeviceContext, DeviceModel> maker) {
    Handover handover = machine.handover(BUNDLE);
    handover.capture();
    handover.takeOut();
    toy.offers.remove(current.provider().id());
    current = offer(maker);
    return handover;
  }

  private String run(int replaceEvery) {
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    for (long at = 0; at < 20_000; at += replaceEvery) {
      machine.run(new RunLimit(Long.MAX_VALUE, Math.min(20_000, at + replaceEvery)));
      DeviceModel former = made;
      Handover handover = takeOutAndOffer(ToyTimer::new);
      assertEquals(1, handover.size());
      handover.putBack();
      handover.finish();
      assertNotSame(former, made);
      assertSame(made, machine.hardware().slots.getLast().model());
    }
    return machine.digest();
  }

  @Test
  void aGuestSeesNothingOfReplacements() {
    String replaced = run(37);
    CoreMachine straight = new ToyMachine(1, new Timing(1000, 100), HandoverTest::step)
        .device("/timer@9000", "toy,timer", 0x9000).model("toy,timer", ToyTimer::new).build();
    straight.start(new ArmEntry(ToyMachine.RAM, 0));
    straight.run(new RunLimit(Long.MAX_VALUE, 20_000));
    assertEquals(straight.digest(), replaced);
    assertTrue(ToyMachine.cpu(machine, 0).x[2] != 0, "the timer never fired");
    assertEquals(null, machine.events().get("model-failed"));
  }

  private void fails(Function<DeviceContext, DeviceModel> broken, String message) {
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.run(new RunLimit(Long.MAX_VALUE, 333));
    String before = machine.digest();
    Handover handover = takeOutAndOffer(broken);
    Throwable e = assertThrows(Throwable.class, handover::putBack);
    assertTrue(e.getMessage().contains(message), e.getMessage());
    toy.offers.remove(current.provider().id());
    current = offer(ToyTimer::new);
    handover.putBack();
    handover.finish();
    assertEquals(before, machine.digest());
    machine.run(new RunLimit(Long.MAX_VALUE, 5000));
    assertTrue(machine.hardware().slots.getLast().present());
  }

  @Test
  void afterAVersionThatThrowsTheOldOneGoesOn() {
    fails(context -> {
      throw new IllegalStateException("no good");
    }, "no good");
  }

  @Test
  void afterAVersionWithOtherStateTheOldOneGoesOn() {
    fails(context -> {
      ToyTimer timer = new ToyTimer(context);
      timer.state().cell("more", 0);
      return timer;
    }, "missing: [more]");
  }

  @Test
  void afterAVersionThatThrowsWhenTakingOverTheOldOneGoesOn() {
    fails(context -> {
      ToyTimer inner = new ToyTimer(context);
      return new DeviceModel() {
        @Override
        public org.xenolith.regs.DeviceState state() {
          return inner.state();
        }

        @Override
        public void reset() {}

        @Override
        public void restored() {
          throw new IllegalStateException("can't take over");
        }
      };
    }, "can't take over");
  }

  @Test
  void aVersionThatNoLongerServesTheNodeIsRefused() {
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.run(new RunLimit(Long.MAX_VALUE, 333));
    Handover handover = machine.handover(BUNDLE);
    handover.capture();
    handover.takeOut();
    toy.offers.remove(current.provider().id());
    assertTrue(!handover.served());
    assertThrows(ModelException.class, handover::putBack);
    handover.finish();
    assertEquals(-1L, ToyMachine.cpu(machine, 0).env.bus().read(0x9000, 8));
  }

  @Test
  void removedDevicesReadAllOnesAndComeBackFromTheirRecord() {
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.run(new RunLimit(Long.MAX_VALUE, 1000));
    var bus = ToyMachine.cpu(machine, 0).env.bus();
    long count = bus.read(0x9000, 4);
    String digest = machine.digest();
    assertTrue(count > 0);
    toy.offers.remove(current.provider().id());
    assertEquals(1, machine.reconcile());
    assertEquals(0xFFFF_FFFFL, bus.read(0x9000, 4));
    bus.write(0x9000, 4, 1);
    assertEquals("", machine.devices().getFirst().bundle());
    assertEquals(digest, machine.digest(), "a kept record is state");
    offer(ToyTimer::new);
    assertEquals(1, machine.reconcile());
    assertEquals(count, bus.read(0x9000, 4));
    assertEquals(0, machine.reconcile());
  }

  @Test
  void aNewProviderServesANodeThatHadNone() {
    ToyMachine empty = new ToyMachine(1, new Timing(1000, 100), cpu -> {}).device("/timer@9000", "toy,timer", 0x9000);
    CoreMachine bare = empty.build();
    assertEquals(List.of("/timer@9000"), bare.unmodelled());
    empty.model("toy,timer", ToyTimer::new);
    assertEquals(1, bare.reconcile());
    assertEquals(List.of(), bare.unmodelled());
  }

  @Test
  void equalOffersAreRefusedNamingBothBundles() {
    toy.offers.add(toy.offer("toy,timer", 0, "toy.other", ToyTimer::new));
    ModelException e = assertThrows(ModelException.class, toy::build);
    assertTrue(e.getMessage().contains("toy.timer 1.0.0") && e.getMessage().contains("toy.other 1.0.0"), e.getMessage());
    toy.offers.add(toy.offer("toy,timer", 5, "toy.third", ToyTimer::new));
    assertEquals("toy.third", toy.build().devices().getFirst().bundle());
  }

  @Test
  void anEngineIsReplacedBetweenTwoInstructions() {
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.run(new RunLimit(Long.MAX_VALUE, 1234));
    Handover handover = machine.handover("toy.engine.toy");
    assertEquals(1, handover.size());
    handover.capture();
    long former = machine.hardware().turns.getFirst().offer().provider().id();
    handover.takeOut();
    toy.offers.remove(former);
    toy.engine("toy", 1, cpu -> {
      step(cpu);
      cpu.x[3]++;
    });
    handover.putBack();
    handover.finish();
    machine.run(new RunLimit(Long.MAX_VALUE, 5000));
    assertEquals(5000, ToyMachine.cpu(machine, 0).x[1]);
    assertEquals(5000 - 1234, ToyMachine.cpu(machine, 0).x[3], "executed by the other version");
  }
}
