// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.ninepback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.ninep.kit.Message;
import org.xenolith.ninep.kit.PendingRequests;
import org.xenolith.regs.StateRecord;
import org.xenolith.xen.abi.XenbusState;

class NinepBackendTest {
  private final NinepFront front = new NinepFront().plug();

  private static byte[] answer(int tag, int length) {
    byte[] message = NinepFront.request(tag, length);
    message[4]++;
    return message;
  }

  @Test
  void itOffersWhatLinuxLooksFor() {
    assertEquals(XenbusState.XenbusStateInitWait, front.backState());
    assertEquals("1", front.backNode("versions"));
    assertEquals("8", front.backNode("max-rings"));
    assertEquals("9", front.backNode("max-ring-page-order"));
    front.connect(1);
    assertEquals(XenbusState.XenbusStateConnected, front.backState());
    assertEquals(2 * 3, front.mapped(), "a page with indices and two with data for each ring");
  }

  @Test
  void requestsAndAnswersComeRoundInRingsThatAreSmallerThanAllOfThem() {
    front.connect(2);
    Random random = new Random(11);
    for (int i = 0; i < 200; i++) {
      int ring = random.nextInt(2);
      byte[] request = NinepFront.request(i, 11 + random.nextInt(front.capacity() - 11));
      front.ask(ring, request);
      assertArrayEquals(request, front.asked.getLast().message());
      assertEquals(front.word(ring, NinepRing.OUT_PROD), front.word(ring, NinepRing.OUT_CONS));
      byte[] answer = answer(i, 11 + random.nextInt(front.capacity() - 11));
      assertTrue(front.answer(front.asked.getLast().id(), answer));
      assertEquals(1, front.events(ring));
      assertArrayEquals(answer, front.take(ring));
    }
    assertEquals(List.of(), front.reported());
  }

  @Test
  void aRequestIsTakenWhenAllOfItIsThere() {
    front.connect(1);
    byte[] request = NinepFront.request(5, 1000);
    front.put(0, java.util.Arrays.copyOf(request, 500));
    front.event(0);
    assertEquals(0, front.asked.size());
    front.put(0, java.util.Arrays.copyOfRange(request, 500, 1000));
    front.event(0);
    assertArrayEquals(request, front.asked.getLast().message());
  }

  @Test
  void whoTakesNoAnswersIsGivenNoMoreAndOthersAre() {
    front.connect(1);
    for (int i = 0; i < 3; i++) {
      front.ask(0, NinepFront.request(i, 20));
    }
    front.ask(1, NinepFront.request(3, 20));
    assertTrue(front.answer(front.asked.get(0).id(), answer(0, 3000)));
    assertFalse(front.answer(front.asked.get(1).id(), answer(1, 3000)), "there is no room");
    assertTrue(front.answer(front.asked.get(3).id(), answer(3, 3000)));
    front.take(0);
    assertTrue(front.answer(front.asked.get(1).id(), answer(1, 3000)));
  }

  @Test
  void moreThanCanBeRememberedWaitsInTheRing() {
    front.connect(2);
    for (int i = 0; i < PendingRequests.MOST + 10; i++) {
      front.put(0, NinepFront.request(i, 11));
    }
    front.event(0);
    assertEquals(PendingRequests.MOST, front.asked.size());
    assertTrue(front.answer(front.asked.get(0).id(), answer(0, 11)));
    assertEquals(PendingRequests.MOST + 1, front.asked.size());
  }

  @Test
  void anAnswerThatNoRingHoldsIsAnError() {
    front.connect(1);
    front.ask(0, NinepFront.request(9, 20));
    assertTrue(front.answer(front.asked.getLast().id(), answer(9, front.capacity() + 1)));
    assertArrayEquals(Message.error(9, 90), front.take(0));
    assertEquals(List.of("ninep-no-room"), front.reported());
  }

  @Test
  void whatNoFrontEndWritesClosesTheDeviceAndGivesAllBack() {
    front.connect(1);
    front.word(0, NinepRing.OUT_PROD, front.capacity() + 1);
    front.event(0);
    assertEquals(List.of("ninep-broken"), front.reported());
    assertEquals(XenbusState.XenbusStateClosing, front.backState());
    assertEquals(0, front.mapped());

    front.state(XenbusState.XenbusStateClosed);
    front.state(XenbusState.XenbusStateInitialising);
    front.connect(1);
    assertEquals(XenbusState.XenbusStateConnected, front.backState());
    byte[] small = NinepFront.request(1, 20);
    small[0] = 3;
    front.ask(0, small);
    assertEquals(XenbusState.XenbusStateClosing, front.backState(), "a request that is shorter than its header");
    assertEquals(0, front.mapped());
  }

  @Test
  void ringsThatCantBeAreRefusedAndNothingIsKept() {
    front.prepare();
    for (int order : new int[] {0, 10, -1}) {
      front.word(1, NinepRing.ORDER, order);
      refused();
    }
    front.word(1, NinepRing.ORDER, 1);
    front.word(1, NinepRing.REFERENCES + 4, 77);
    refused();
    front.prepare();
    front.node(front.frontNode("event-channel-1"), "4000");
    refused();
    front.prepare();
    front.node(front.frontNode("num-rings"), "9");
    refused();
    front.prepare();
    front.node(front.frontNode("version"), "2");
    refused();
  }

  private void refused() {
    front.state(XenbusState.XenbusStateInitialised);
    assertEquals(XenbusState.XenbusStateClosing, front.backState());
    assertEquals(List.of("ninep-refused"), front.reported());
    assertEquals(0, front.mapped());
    front.state(XenbusState.XenbusStateClosed);
    front.state(XenbusState.XenbusStateInitialising);
  }

  @Test
  void anAnswerOfBeforeFindsNobodyBehindANewConnection() {
    front.connect(1);
    front.ask(0, NinepFront.request(1, 20));
    front.state(XenbusState.XenbusStateClosing);
    front.state(XenbusState.XenbusStateClosed);
    front.state(XenbusState.XenbusStateInitialising);
    front.connect(1);
    front.ask(0, NinepFront.request(2, 20));
    assertTrue(front.answer(front.asked.get(0).id(), answer(1, 20)), "passed over");
    assertEquals(0, front.word(0, NinepRing.IN_PROD));
    assertTrue(front.answer(front.asked.get(1).id(), answer(2, 20)));
    assertEquals(20, front.word(0, NinepRing.IN_PROD));
  }

  @Test
  void anotherVersionTakesTheAnswerAndOneThatComesBackWhatCameMeanwhile() {
    front.connect(1);
    front.ask(0, NinepFront.request(1, 20));
    front.hypervisor.replace(NinepFront.ROLE, NinepFront.COMPONENT);
    assertTrue(front.answer(front.asked.get(0).id(), answer(1, 20)));
    assertArrayEquals(answer(1, 20), front.take(0));

    front.ask(1, NinepFront.request(2, 20));
    StateRecord record = front.hypervisor.remove(NinepFront.ROLE);
    assertFalse(front.answer(front.asked.get(1).id(), answer(2, 20)), "it comes again");
    front.ask(0, NinepFront.request(3, 20));
    assertEquals(2, front.asked.size());
    front.hypervisor.bringBack(NinepFront.ROLE, NinepFront.COMPONENT, record);
    front.hypervisor.clock().advance(1);
    assertEquals(3, front.asked.size());
    assertTrue(front.answer(front.asked.get(1).id(), answer(2, 20)));
    assertArrayEquals(answer(2, 20), front.take(1));
  }

  @Test
  void withoutEventChannelsAFrontEndIsToldLater() {
    front.connect(1);
    front.ask(0, NinepFront.request(1, 20));
    EventChannelsPort port = front.hypervisor.port(EventChannelsPort.class);
    port.detach(front.hypervisor.eventChannels());
    assertTrue(front.answer(front.asked.get(0).id(), answer(1, 20)));
    port.attach(front.hypervisor.eventChannels(), front.hypervisor.context(NinepFront.ROLE));
    assertEquals(0, front.events(0));
    front.hypervisor.clock().advance(20_000_000);
    assertEquals(1, front.events(0));
  }

  @Test
  void aDomainThatGoesTakesItsDeviceAlong() {
    front.connect(1);
    front.hypervisor.destroy(front.domain);
    assertEquals(0, front.mapped());
    assertEquals(0, front.port().pending().length);
  }
}
