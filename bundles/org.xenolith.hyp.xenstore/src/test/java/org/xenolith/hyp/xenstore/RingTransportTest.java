// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.StoreMessage.*;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.StoreRing;

class RingTransportTest {
  private final byte[] page = new byte[4096];
  private final XenStore store = new XenStore(StoreDomains.NONE);
  private final Connection connection = store.connect(3, true);
  private final RingTransport ring = new RingTransport(new AbiBytes(page), connection);
  private final StoreRing view = new StoreRing();

  RingTransportTest() {
    view.at(new AbiBytes(page), 0);
  }

  /** As a front end does: writes what fits, takes what is there. */
  private byte[] talk(byte[] request, int answerBytes) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    int at = 0;
    for (int turns = 0; answer.size() < answerBytes; turns++) {
      assertTrue(turns < 100, "no answer");
      while (at < request.length && view.reqProd() - view.reqCons() < 1024) {
        page[StoreRing.REQ + (view.reqProd() & 1023)] = request[at++];
        view.reqProd(view.reqProd() + 1);
      }
      assertTrue(ring.serve());
      while (view.rspCons() != view.rspProd()) {
        answer.write(page[StoreRing.RSP + (view.rspCons() & 1023)]);
        view.rspCons(view.rspCons() + 1);
      }
    }
    return answer.toByteArray();
  }

  @Test
  void messagesLongerThanTheRingGoAroundItsEnd() {
    ring.begin();
    assertEquals(3, view.serverFeatures());
    view.reqCons(-100);
    view.reqProd(-100);
    view.rspCons(-7);
    view.rspProd(-7);
    String value = "0123456789".repeat(350);
    assertEquals("OK|", Client.messages(talk(Client.message(XS_WRITE, 1, 0, "/long|" + value), 19)).getFirst()[2]);
    assertEquals(value, Client.messages(talk(Client.message(XS_READ, 2, 0, "/long|"), 3516)).getFirst()[2]);
    assertFalse(ring.serve(), "nothing to do, nobody to notify");
  }

  @Test
  void indicesThatCanNotBeEndIt() {
    view.reqProd(1025);
    assertTrue(ring.serve());
    assertEquals(XENSTORE_ERROR_RINGIDX, view.error());
    assertFalse(ring.serve());
    view.connection(XENSTORE_RECONNECT);
    assertTrue(ring.serve());
    assertEquals(XENSTORE_CONNECTED, view.connection());
    assertEquals(0, view.error());
    assertEquals("OK|", Client.messages(talk(Client.message(XS_MKDIR, 1, 0, "/x|"), 19)).getFirst()[2]);
  }

  @Test
  void tooLongMessageIsAProtocolError() {
    byte[] message = Client.message(XS_READ, 1, 0, "");
    message[13] = 0x11;
    System.arraycopy(message, 0, page, 0, 16);
    view.reqProd(16);
    assertTrue(ring.serve());
    assertEquals(XENSTORE_ERROR_PROTO, view.error());
  }

  @Test
  void whateverIsInThePageNothingIsThrown() {
    long seed = 20261120;
    System.out.println("RingTransportTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      for (int n = random.nextInt(60); n >= 0; n--) {
        page[random.nextBoolean() ? random.nextInt(2080) : 2048 + random.nextInt(32)] = (byte) (random.nextInt(4) == 0 ? random.nextInt()
            : 0);
      }
      if (random.nextInt(3) == 0) {
        view.error(0);
        view.connection(random.nextInt(2));
        view.reqProd(view.reqCons() + random.nextInt(1024));
      }
      ring.serve();
    }
  }
}
