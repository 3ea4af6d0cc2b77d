// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.ninep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.ninep.kit.Message;
import org.xenolith.ninep.kit.MessageType;
import org.xenolith.ninep.kit.MessageWriter;
import org.xenolith.share.api.ShareNodes;
import org.xenolith.share.api.SharePort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.FunctionDriver;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;

class VirtioNinepTest {
  private static final int ROOM = 200;
  private final FakeContext context = new FakeContext(FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").property(FdtProperty
      .ofStrings(
          ShareNodes.TAG, "src")).build());
  private final SharePort port = context.port(SharePort.class);
  private final List<byte[]> asked = new ArrayList<>();
  private final List<Long> ids = new ArrayList<>();
  private FunctionDriver driver;
  private DeviceModel model;

  @BeforeEach
  void start() {
    port.connect(new SharePort.Outside() {
      @Override
      public void request(long id, byte[] message) {
        ids.add(id);
        asked.add(message);
      }

      @Override
      public void taken(long id) {}

      @Override
      public byte[] save() {
        return new byte[0];
      }
    });
    driver = new FunctionDriver(context, 1);
    model = context.create(new VirtioNinepComponent());
    driver.start();
  }

  private static byte[] clunk(int tag) {
    return new MessageWriter(16).request(MessageType.CLUNK, tag).word(1).bytes();
  }

  private static byte[] clunked(int tag) {
    return new MessageWriter(16).reply(MessageType.CLUNK, tag).bytes();
  }

  /** Offers a request in one buffer and room for its answer in the next. */
  private void offer(int index, byte[] request, int room) {
    context.dma().write(FunctionDriver.buffer(0, index), request, 0, request.length);
    driver.queues[0].describe(index, FunctionDriver.buffer(0, index), request.length, DriverQueue.NEXT, index + 1);
    driver.queues[0].describe(index + 1, FunctionDriver.buffer(0, index + 1), room, DriverQueue.WRITE, 0).offer(index);
    driver.core.notified(0);
  }

  private void answer(int request, byte[] answer) {
    byte[] input = SharePort.input(ids.get(request), answer);
    assertEquals(input.length, port.bring(input));
  }

  @Test
  void isATransportWithTheTagOfItsNode() {
    VirtioFunction function = context.port(VirtioPort.class).function();
    assertEquals(9, function.deviceId());
    assertEquals(1, function.queues());
    assertEquals(128, function.maxQueueSize(0));
    assertEquals(1, function.features());
    assertEquals(5, function.configSize());
    assertEquals(3, function.readConfig(0, 2));
    assertEquals('s' | 'r' << 8 | 'c' << 16, function.readConfig(2, 4));
  }

  @Test
  void answersGoToTheirRequestsInWhateverOrderTheyCome() {
    offer(0, clunk(7), ROOM);
    offer(2, clunk(8), ROOM);
    assertArrayEquals(clunk(7), asked.get(0));
    assertArrayEquals(clunk(8), asked.get(1));
    assertEquals(0, driver.interrupts[0], "nothing is answered yet");
    answer(1, clunked(8));
    answer(0, clunked(7));
    assertArrayEquals(clunked(8), driver.bytes(0, 3, Message.HEADER));
    assertArrayEquals(clunked(7), driver.bytes(0, 1, Message.HEADER));
    assertEquals(2, driver.interrupts[0]);
    assertEquals(Message.HEADER, driver.queues[0].usedLength(0));
  }

  @Test
  void whatIsNoRequestIsGivenBackAtOnce() {
    offer(0, new byte[3], ROOM);
    byte[] tooLong = clunk(1);
    tooLong[0] = 100;
    offer(2, tooLong, ROOM);
    assertEquals(List.of(), asked);
    assertEquals(0, driver.queues[0].usedLength(0));
    assertEquals(0, driver.queues[0].usedLength(1));
    assertEquals(2, context.reportedEvents().stream().filter(event -> event.kind().equals("virtio-9p-bad-request")).count());
  }

  @Test
  void anAnswerThatDoesntFitIsAnError() {
    offer(0, clunk(7), 11);
    answer(0, new MessageWriter(64).reply(MessageType.READLINK, 7).text("a".repeat(30)).bytes());
    assertArrayEquals(Message.error(7, 90), driver.bytes(0, 1, 11));
    offer(2, clunk(8), 3);
    answer(1, clunked(8));
    assertEquals(0, driver.queues[0].usedLength(1));
  }

  @Test
  void anErrorOfOneWhoDoesntKnowTheRequestHasItsTag() {
    offer(0, clunk(7), ROOM);
    answer(0, Message.error(Message.NO_TAG, 5));
    assertArrayEquals(Message.error(7, 5), driver.bytes(0, 1, 11));
  }

  @Test
  void anAnswerToWhatWasAskedBeforeAResetIsPassedOver() {
    offer(0, clunk(7), ROOM);
    driver.core.status(0);
    driver.start();
    offer(0, clunk(9), ROOM);
    answer(0, clunked(7));
    assertEquals(0, driver.queues[0].usedIndex());
    model.reset();
    driver.core.status(0);
    driver.start();
    offer(0, clunk(10), ROOM);
    answer(1, clunked(9));
    assertEquals(0, driver.queues[0].usedIndex());
    answer(2, clunked(10));
    assertEquals(1, driver.queues[0].usedIndex());
  }

  @Test
  void anotherVersionTakesTheAnswer() {
    offer(0, clunk(7), ROOM);
    FakeContext next = context.successor();
    model.removed();
    byte[] input = SharePort.input(ids.get(0), clunked(7));
    assertEquals(0, port.bring(input), "it waits for who comes");
    DeviceModel successor = next.create(new VirtioNinepComponent());
    successor.state().restore(model.state().save());
    successor.restored();
    assertEquals(input.length, port.bring(input));
    assertArrayEquals(clunked(7), driver.bytes(0, 1, Message.HEADER));
    successor.removed();
    assertNull(context.port(VirtioPort.class).function());
    assertTrue(port.pending().length == 0);
  }
}
