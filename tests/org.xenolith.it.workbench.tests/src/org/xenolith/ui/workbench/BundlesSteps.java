// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Tree;

/** A person replaces, removes and restores bundles under Debian. */
final class BundlesSteps implements Desk.Work {
  private static final String UART = "org.xenolith.hw.pl011";
  private static final String CLOCK = "org.xenolith.hw.pl031";
  private final Path folder;
  private Desk desk;

  /** @param folder empty, for its files */
  BundlesSteps(Path folder) {
    this.folder = folder;
  }

  @Override
  public void at(Desk opened) throws Exception {
    desk = opened;
    desk.bootsDebian(dialog -> {});
    replacesTheUartUnderTheGuest();
    desk.takesKeys("echo $((6 * 8))j", "48J");
    removesAndRestoresTheClock();
    showsEventsWithTheirTime();
  }

  private void replacesTheUartUnderTheGuest() throws Exception {
    Path jar = desk.product.otherUart("1.7.0", folder);
    desk.choose("hw.pl011");
    Person.Answer answer = desk.person.answer("Bundle", dialog -> {
      Text file = Person.find(dialog, Text.class, t -> t.isEnabled() && (t.getStyle() & SWT.READ_ONLY) == 0);
      file.setText(folder.resolve("nothing.jar").toString());
      assertFalse(Person.find(dialog, Button.class, b -> b.getText().replace("&", "").equals("OK")).isEnabled(),
          "a file that isn't there must not be accepted");
      file.setText(jar.toString());
      desk.person.press(dialog, "OK");
    });
    desk.person.press(desk.changes(), "Replace…");
    answer.check();
    desk.awaitOutcome(text -> text.matches("replaced " + UART
        + " 1\\.0\\.0\\S* by 1\\.7\\.0, 1 device of virt; machines stood still for [0-9.,]+ ms"));
    desk.person.await("the new version in the list", () -> desk.row("hw.pl011") != null && desk.row("hw.pl011").getText(1).equals("1.7.0"),
        desk::rows);
    Tree tree = desk.topology();
    desk.person.await("the new version in the topology", () -> Desk.server(tree, "pl011@9000000").equals("hw.pl011 1.7.0"), () -> Desk.text(
        tree));
    // The wrong jar is refused, and the person is told why.
    desk.replaces("hw.pl011", desk.product.jar(CLOCK));
    desk.awaitOutcome(text -> text.startsWith("Replacing " + UART + ": not done: the jar is " + CLOCK));
  }

  private void removesAndRestoresTheClock() throws IOException {
    Tree tree = desk.topology();
    desk.choose("hw.pl031");
    assertFalse(Person.find(desk.changes(), Button.class, b -> b.getText().equals("Restore")).isEnabled(), "it is there");
    desk.person.press(desk.changes(), "Remove");
    desk.awaitOutcome(text -> text.matches("removed " + CLOCK
        + " 1\\.0\\.0\\S*, 1 device of virt affected; machines stood still for [0-9.,]+ ms"));
    desk.person.await("an absent clock", () -> Desk.server(tree, "pl031@9010000").equals("(absent)"), () -> Desk.text(tree));
    desk.person.await("it among those that were removed", () -> desk.row("hw.pl031") != null && desk.row("hw.pl031").getText(1).startsWith(
        "removed"), desk::rows);
    desk.choose("hw.pl031");
    assertFalse(Person.find(desk.changes(), Button.class, b -> b.getText().equals("Remove")).isEnabled(), "it is gone");
    desk.person.press(desk.changes(), "Restore");
    desk.awaitOutcome(text -> text.startsWith("added " + CLOCK + " 1.0.0") && text.contains(
        ", 1 device of virt; machines stood still for "));
    desk.person.await("the clock", () -> Desk.server(tree, "pl031@9010000").startsWith("hw.pl031 "), () -> Desk.text(tree));
    // The other way: by a jar.
    desk.choose("hw.pl031");
    desk.person.press(desk.changes(), "Remove");
    desk.person.await("an absent clock", () -> Desk.server(tree, "pl031@9010000").equals("(absent)"), () -> Desk.text(tree));
    desk.namesAJar("Add…", desk.product.jar(CLOCK));
    desk.awaitOutcome(text -> text.startsWith("added " + CLOCK + " 1.0.0") && text.contains(
        ", 1 device of virt; machines stood still for "));
    desk.person.await("the clock", () -> Desk.server(tree, "pl031@9010000").startsWith("hw.pl031 "), () -> Desk.text(tree));
    // Topology and bundles are shown one after the other.
    desk.person.await("it among those that are there", () -> desk.rows().lines().filter(row -> row.startsWith("hw.pl031 ")).noneMatch(
        row -> row.contains("removed")), desk::rows);
  }

  private void showsEventsWithTheirTime() {
    desk.show(EventsView.ID);
    Table events = desk.events();
    desk.person.await("the clock's coming and going", () -> events.getItemCount() >= 4, () -> Desk.laboratory().trail().latest()
        .toString());
    for (TableItem item : events.getItems()) {
      assertTrue(item.getText(1).matches("[0-9]+\\.[0-9]{9}"), () -> "an event without its virtual time: " + item.getText(0) + " " + item
          .getText(1));
    }
    desk.person.photograph(desk.window(), Desk.picture("-events"));
  }
}
