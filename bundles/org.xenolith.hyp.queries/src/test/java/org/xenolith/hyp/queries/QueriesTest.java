// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.queries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;
import org.xenolith.xen.abi.XenolithGrantStart;
import org.xenolith.xen.abi.XenolithNotificationIrq;
import org.xenolith.xen.abi.XenolithQuery;

class QueriesTest {
  private static final int GRANTS = HypercallNumber.__HYPERVISOR_grant_table_op;
  private static final int EVENTS = HypercallNumber.__HYPERVISOR_event_channel_op;
  private static final int NUMBER = XenolithQuery.XENOLITH_GNTTABOP_get_start_addr;
  private static final int SELF = DomainId.DOMID_SELF;
  private static final int SIZE = 32;
  private static final byte FILLED = 0x5a;
  private static final Pattern FIELD = Pattern.compile("uint(\\d+)_t\\s+(\\w+);");

  private FakeHypervisor hyp = new FakeHypervisor();
  private FakeDomain dom0 = hyp.dom0(1);
  private FakeDomain guest = hyp.domU(2, 1);
  private byte[] answer;

  /** The subsystem beside others that serve both hypercalls and know three numbers. */
  private void installed() {
    hyp.install("queries", new QueriesComponent());
    serve(GRANTS);
    serve(EVENTS);
  }

  private void serve(int hypercall) {
    hyp.port(HypercallsPort.class).claim(hypercall, call -> call.argument(0) < 3 ? 100 + call.argument(0) : -XenErrno.XEN_ENOSYS,
        hyp.context("queries"));
  }

  /** Asks of a domain; the high half of the pad is the second one. */
  private long ask(int hypercall, FakeDomain caller, int domid, int pad) {
    byte[] page = new byte[SIZE];
    Arrays.fill(page, FILLED);
    ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putShort((short) domid).putShort((short) pad).putInt(hypercall == GRANTS
        ? pad >>> 16 : 0);
    assertTrue(caller.memory().write(caller.page(0), page, 0, SIZE));
    long result = caller.vcpu(0).call(hypercall, NUMBER, caller.page(0), 1);
    answer = new byte[SIZE];
    assertTrue(caller.memory().read(caller.page(0), answer, 0, SIZE));
    if (result != 0) {
      assertEquals(HexFormat.of().formatHex(page), HexFormat.of().formatHex(answer), "an error writes nothing");
    }
    return result;
  }

  private long number(int offset, int bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
    return bytes == 8 ? buffer.getLong(offset) : buffer.getInt(offset);
  }

  @Test
  void aDomainIsToldItsRoomForGrantFrames() {
    installed();
    dom0.grantRegion(new AddressWindow(0x4021_0000L, 0x4_0000));
    guest.grantRegion(new AddressWindow(0x3800_0000L, 0x100_0000));
    assertEquals(0, ask(GRANTS, dom0, SELF, 0));
    assertEquals(0x4021_0000L, number(XenolithGrantStart.START_ADDR, 8));
    assertEquals(0x4_0000, number(XenolithGrantStart.REGION_SIZE, 8));
    assertEquals(FILLED, answer[XenolithGrantStart.SIZE], "nothing behind the structure");
    assertEquals(0, ask(GRANTS, guest, guest.id(), 0));
    assertEquals(0x3800_0000L, number(XenolithGrantStart.START_ADDR, 8));
  }

  @Test
  void aDomainIsToldItsEventInterrupt() {
    installed();
    assertEquals(0, ask(EVENTS, dom0, SELF, 0));
    assertEquals(16, number(XenolithNotificationIrq.IRQ, 4));
    assertEquals(XenolithQuery.XENOLITH_IRQ_ACTIVE_LOW, number(XenolithNotificationIrq.FLAGS, 4));
    assertEquals(FILLED, answer[XenolithNotificationIrq.SIZE], "nothing behind the structure");
    assertEquals(0, ask(EVENTS, guest, SELF, 0));
    assertEquals(31, number(XenolithNotificationIrq.IRQ, 4));
  }

  @Test
  void whatIsntToldIsNoDevice() {
    installed();
    hyp.service();
    assertEquals(-XenErrno.XEN_ENODEV, ask(GRANTS, dom0, SELF, 0), "its builder told none");
    assertEquals(-XenErrno.XEN_ENODEV, ask(GRANTS, dom0, 1, 0));
    assertEquals(-XenErrno.XEN_ENODEV, ask(EVENTS, dom0, 1, 0), "the service domain takes no interrupts");
  }

  @Test
  void onlyWhoControlsDomainsMayAskOfAnother() {
    installed();
    guest.grantRegion(new AddressWindow(0x3800_0000L, 0x100_0000));
    for (int hypercall : new int[] {GRANTS, EVENTS}) {
      assertEquals(0, ask(hypercall, dom0, guest.id(), 0));
      assertEquals(-XenErrno.XEN_EPERM, ask(hypercall, guest, 0, 0));
      assertEquals(-XenErrno.XEN_ESRCH, ask(hypercall, dom0, 77, 0));
      assertEquals(-XenErrno.XEN_ESRCH, ask(hypercall, guest, 77, 0));
    }
  }

  @Test
  void wrongArgumentsAreRefused() {
    installed();
    dom0.grantRegion(new AddressWindow(0x4021_0000L, 0x4_0000));
    for (int pad : new int[] {1, 0x8000, 0x7fff_0000, 0x1_0000}) {
      assertEquals(-XenErrno.XEN_EINVAL, ask(GRANTS, dom0, SELF, pad), "pad " + pad);
    }
    assertEquals(-XenErrno.XEN_EINVAL, ask(EVENTS, dom0, SELF, 1));
    for (int count : new int[] {0, 2, -1}) {
      assertEquals(-XenErrno.XEN_EINVAL, dom0.vcpu(0).call(GRANTS, NUMBER, dom0.page(0), count), "count " + count);
    }
    for (long address : new long[] {0, dom0.page(FakeHypervisor.PAGES) - 1}) {
      assertEquals(-XenErrno.XEN_EFAULT, dom0.vcpu(0).call(GRANTS, NUMBER, address, 1));
      assertEquals(-XenErrno.XEN_EFAULT, dom0.vcpu(0).call(EVENTS, NUMBER, address));
    }
  }

  @Test
  void theHypercallsThemselvesAreAsTheyWere() {
    installed();
    for (int hypercall : new int[] {GRANTS, EVENTS}) {
      for (int op = -1; op < 0x1000; op++) {
        if (op != NUMBER) {
          assertEquals(op < 3 ? 100 + op : -XenErrno.XEN_ENOSYS, dom0.vcpu(0).call(hypercall, op, 0, 1), "operation " + op);
        }
      }
    }
  }

  @Test
  void strictlyAsXenThereIsNeither() {
    hyp = new FakeHypervisor(1, Map.of("strict-xen", "true"));
    dom0 = hyp.dom0(1);
    installed();
    dom0.grantRegion(new AddressWindow(0x4021_0000L, 0x4_0000));
    assertEquals(-XenErrno.XEN_ENOSYS, ask(GRANTS, dom0, SELF, 0));
    assertEquals(-XenErrno.XEN_ENOSYS, ask(EVENTS, dom0, SELF, 0));
    assertEquals(List.of(), hyp.port(HypercallsPort.class).operations(GRANTS));
  }

  @Test
  void theHeaderSaysTheSame() throws IOException {
    Path header = Path.of("bundles/org.xenolith.hyp.queries/include/xenolith_queries.h");
    String text = Files.readString(Files.exists(header) ? header : Path.of("include/xenolith_queries.h"));
    assertEquals(Integer.toHexString(NUMBER), defined(text, "XENOLITH_GNTTABOP_get_start_addr").substring(2));
    assertEquals(Integer.toHexString(XenolithQuery.XENOLITH_EVTCHNOP_get_notification_irq), defined(text,
        "XENOLITH_EVTCHNOP_get_notification_irq").substring(2));
    assertEquals(XenolithQuery.XENOLITH_IRQ_EDGE + "u", defined(text, "XENOLITH_IRQ_EDGE"));
    assertEquals(XenolithQuery.XENOLITH_IRQ_ACTIVE_LOW + "u", defined(text, "XENOLITH_IRQ_ACTIVE_LOW"));
    assertLayout(text, "xenolith_gnttab_get_start_addr", new XenolithGrantStart());
    assertLayout(text, "xenolith_evtchn_get_notification_irq", new XenolithNotificationIrq());
  }

  private static String defined(String header, String name) {
    Matcher line = Pattern.compile("#define " + name + " +(\\S+)").matcher(header);
    assertTrue(line.find(), name);
    return line.group(1);
  }

  /** Fields are naturally aligned, as the procedure call standard for arm64 has them. */
  private static void assertLayout(String header, String name, AbiStruct view) {
    int begin = header.indexOf("struct " + name + " {");
    Matcher field = FIELD.matcher(header.substring(begin, header.indexOf("};", begin)));
    int at = 0;
    int widest = 1;
    while (field.find()) {
      int bytes = Integer.parseInt(field.group(1)) / 8;
      at = (at + bytes - 1) / bytes * bytes;
      widest = Math.max(widest, bytes);
      try {
        assertEquals(view.getClass().getField(field.group(2).toUpperCase(Locale.ROOT)).getInt(null), at, name + "." + field.group(2));
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(name + "." + field.group(2), e);
      }
      at += bytes;
    }
    assertEquals(view.sizeOf(), (at + widest - 1) / widest * widest, name);
  }

  // ---- its life

  @Test
  void aDomainSeesNoDifferenceWhenItIsReplaced() {
    installed();
    dom0.grantRegion(new AddressWindow(0x4021_0000L, 0x4_0000));
    hyp.replace("queries", new QueriesComponent());
    assertEquals(0, ask(GRANTS, dom0, SELF, 0));
    assertEquals(0, ask(EVENTS, dom0, SELF, 0));
    assertEquals(1, hyp.port(HypercallsPort.class).operations(EVENTS).size());
  }

  @Test
  void withoutItBothAreUnknownAndBackItKnowsThemAgain() {
    installed();
    hyp.remove("queries");
    assertEquals(-XenErrno.XEN_ENOSYS, ask(GRANTS, dom0, SELF, 0));
    assertEquals(-XenErrno.XEN_ENOSYS, ask(EVENTS, dom0, SELF, 0));
    assertEquals(102, dom0.vcpu(0).call(GRANTS, 2, 0, 1));
    hyp.install("queries", new QueriesComponent());
    assertEquals(-XenErrno.XEN_ENODEV, ask(GRANTS, dom0, SELF, 0));
    assertEquals(0, ask(EVENTS, dom0, SELF, 0));
  }

  @Test
  void withoutWhoServesTheHypercallThereIsNothingToAddTo() {
    hyp.install("queries", new QueriesComponent());
    assertEquals(-XenErrno.XEN_ENOSYS, ask(EVENTS, dom0, SELF, 0));
    serve(EVENTS);
    assertEquals(0, ask(EVENTS, dom0, SELF, 0));
    assertEquals(-XenErrno.XEN_ENOSYS, ask(GRANTS, dom0, SELF, 0));
  }
}
