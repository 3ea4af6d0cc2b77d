// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.NetInterface;

/** A hypervisor with a switch and a back end, and two domains whose interfaces are plugged in. */
final class NetbackRig {
  static final String ROLE = "netback";
  static final long SEED = 20261120;
  /** The address of all stations. */
  static final long ALL = 0xFFFF_FFFF_FFFFL;

  final FakeHypervisor hypervisor = new FakeHypervisor();
  final Random random = new Random(SEED);
  final FakeDomain service;
  final NetFront a;
  final NetFront b;

  NetbackRig() {
    service = hypervisor.service();
    hypervisor.store();
    hypervisor.grants();
    hypervisor.eventChannels();
    hypervisor.install("switch", TestSwitch.factory());
    hypervisor.install(ROLE, new NetbackComponent());
    a = new NetFront(hypervisor, hypervisor.domU(2, 1)).plug();
    b = new NetFront(hypervisor, hypervisor.domU(3, 1)).plug();
  }

  /** A frame to all of random content. */
  byte[] frame(int length) {
    return NetFront.frame(ALL, 0x00163E000001L, length, random);
  }

  /** How many events the back end has reported. */
  int events() {
    return hypervisor.context(ROLE).reportedEvents().size();
  }

  /** Sends checked frames of all sizes from a to b, whose room comes and goes; with a hand-over every few steps if asked. */
  void exchange(int frames, boolean handOver) {
    ArrayDeque<byte[]> expected = new ArrayDeque<>();
    int sent = 0;
    int received = 0;
    b.giveAll();
    for (int step = 0; received < frames; step++) {
      assertTrue(step < 100 * frames, "stuck after " + received + " of " + frames + " frames");
      if (random.nextInt(3) > 0) {
        for (int n = random.nextInt(6); n > 0 && sent < frames; n--) {
          byte[] frame = frame(random.nextInt(8) == 0 ? 14 + random.nextInt(60_000) : 14 + random.nextInt(1500));
          if (a.put(frame, 0, 0, 0, random)) {
            expected.add(frame);
            sent++;
          }
        }
        a.go();
      }
      if (handOver && random.nextInt(4) == 0) {
        hypervisor.replace(ROLE, new NetbackComponent());
        hypervisor.clock().advance(0);
      }
      if (random.nextInt(4) == 0) {
        for (NetFront.Received got : b.receive()) {
          assertArrayEquals(expected.poll(), got.bytes(), "frame " + received++);
        }
        b.giveAll();
      }
    }
    assertTrue(a.statuses.stream().allMatch(s -> s == NetInterface.NETIF_RSP_OKAY));
    assertEquals(4, hypervisor.grants().mapped(service), "only rings are mapped");
  }
}
