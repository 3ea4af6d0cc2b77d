// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Tree;

/** A person boots Debian on bare metal, types at it, looks at it, stops it, and continues its snapshot. */
final class BareMachineSteps implements Desk.Work {
  private final Path folder;
  private Desk desk;

  /** @param folder empty, for its files */
  BareMachineSteps(Path folder) {
    this.folder = folder;
  }

  @Override
  public void at(Desk opened) throws Exception {
    desk = opened;
    assertEquals("Xenolith", desk.window().getText());
    desk.fits();
    assertFalse(desk.person.tool(desk.window(), "Stop").isEnabled(), "without a machine there is nothing to stop");
    assertEquals(Desk.laboratory().status().text(), desk.statusLine());
    desk.person.photograph(desk.window(), Desk.picture("-start"));
    bootsDebian();
    assertFalse(desk.person.tool(desk.window(), "Boot…").isEnabled(), "there is a machine already");
    showsWhoServesWhat();
    desk.takesKeys("echo $((6 * 7))x", "42x");
    stops();
    continuesTheSnapshot();
  }

  private void bootsDebian() throws Exception {
    desk.bootsDebian(dialog -> {
      desk.fill(dialog, "pci", "1.0=root-port\n1.0/0.0=rogue");
      desk.fill(dialog, "disk", image("disk.img"));
      desk.fill(dialog, "nic", ",");
      desk.fill(dialog, "gic", "3");
      desk.fill(dialog, "cpus", "2");
      desk.fill(dialog, "append", "workbench.test=1");
      desk.fill(dialog, "set", "/pl031@9010000:epoch-seconds=86400");
      desk.fill(dialog, "save", snapshot().toString());
      desk.fill(dialog, "record", folder.resolve("journal").toString());
      desk.person.photograph(dialog, Desk.picture("-boot"));
    });
    assertTrue(desk.consoleText().contains("workbench.test=1"), desk::consoleText);
    desk.takesKeys("grep -q GICv3 /proc/interrupts && echo $(nproc) in''stead $(date -u +%Y)", "2 instead 1970");
    assertEquals(2, Desk.laboratory().devices().stream().map(d -> d.instance().replaceFirst("^[^#]*", "")).filter(List.of("#virtio:1",
        "#virtio:2")::contains)
        .count(), "a disk and a network card: " + Desk.laboratory().devices());
    desk.show(PciView.ID);
    Tree buses = Person.find(desk.window(), Tree.class, t -> !t.getHeaderVisible());
    desk.person.await("the endpoint that the guest found, below its port", () -> Arrays.stream(buses.getItems()).flatMap(Desk::below)
        .flatMap(Desk::below).anyMatch(i -> i.getText().startsWith("01:00.0 1b36:00f0 ")), () -> Desk.laboratory().buses().toString());
    desk.show(DomainsView.ID);
    assertEquals(0, desk.domains().getItemCount(), "domains of a machine without a hypervisor");
    assertFalse(Person.find(desk.window(), Button.class, b -> b.getText().equals("Create…")).isEnabled());
  }

  private void showsWhoServesWhat() {
    Tree tree = desk.topology();
    desk.person.await("the UART's server in the topology", () -> Desk.server(tree, "pl011@9000000").startsWith("hw.pl011 "), () -> Desk
        .text(tree));
    assertEquals("0x9000000", Desk.item(tree, "pl011@9000000").getText(1));
    assertTrue(Desk.text(tree).contains("cpus"), Desk.text(tree));
  }

  private void stops() {
    desk.show(EventsView.ID);
    desk.consoleIsLightOnDark();
    desk.stop("Cancel");
    assertEquals(Laboratory.Phase.RUNNING, Desk.laboratory().status().phase(), "nobody meant it");
    desk.stops();
    assertEquals(Laboratory.Phase.ENDED, Desk.laboratory().status().phase());
    assertTrue(Desk.laboratory().status().text().startsWith("Stopped after "), Desk.laboratory().status().text());
    assertTrue(Desk.laboratory().status().text().endsWith("The snapshot is in " + snapshot() + "."), Desk.laboratory().status().text());
    assertTrue(Files.isRegularFile(folder.resolve("journal")), "the journal");
    desk.person.await("'Stop' that can't be pressed", () -> !desk.person.tool(desk.window(), "Stop").isEnabled(), () -> "");
    desk.person.await("no events of a machine that is gone", () -> desk.events().getItemCount() == 0, () -> Desk.laboratory().trail()
        .latest().toString());
    desk.person.await("no hardware of a machine that is gone", () -> desk.topology().getItemCount() == 0, () -> Desk.text(desk.topology()));
  }

  private void continuesTheSnapshot() {
    Person.Answer answer = desk.person.answer("Boot", dialog -> {
      desk.fill(dialog, "load", snapshot().toString());
      desk.fill(dialog, "save", "");
      desk.fill(dialog, "record", "");
      assertFalse(Desk.field(dialog, "board").isEnabled(), "the board is the snapshot's");
      desk.person.press(dialog, "Boot");
      desk.awaitMachine(dialog);
    });
    desk.select("Boot…");
    answer.check();
    assertEquals(Laboratory.Phase.RUNNING, Desk.laboratory().status().phase(), () -> Desk.laboratory().status().text());
    desk.takesKeys("echo $((6 * 11))w", "66w");
    desk.stops();
    assertEquals(Laboratory.Phase.ENDED, Desk.laboratory().status().phase());
  }

  private String image(String name) {
    try {
      return Files.write(folder.resolve(name), new byte[1 << 20]).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path snapshot() {
    return folder.resolve("snapshot");
  }
}
