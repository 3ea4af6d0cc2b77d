// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.xenolith.ui.workbench.Laboratory.Phase;

/** A model hangs under a window that lives: it is named there, taken off the bus, or left with its machine. */
final class HangSteps implements Desk.Work {
  private static final String UART = "hw.pl011";
  private final Path folder;
  private final Path jar;
  private Desk desk;

  /** @param folder empty, for its files */
  HangSteps(Path folder) throws IOException {
    this.folder = folder;
    jar = HangingUart.jar(new InstalledProduct(), folder); // a compiler is no work for the UI thread
  }

  @Override
  public void at(Desk opened) throws Exception {
    desk = opened;
    desk.replaces(UART, jar);
    desk.awaitOutcome(text -> text.matches("replaced " + HangingUart.BUNDLE + " \\S+ by " + HangingUart.VERSION + ", .*"));
    try {
      isTakenOffAndTheMachineGoesOn();
      isLeftWithItsMachineFromTheMiddleOfAnInstruction();
      isLeftWhileTheMachineIsMade();
    } finally {
      System.clearProperty(HangingUart.PROPERTY);
      System.setProperty(HangingUart.END, "");
    }
    desk.person.await("the loops' end", () -> Thread.getAllStackTraces().values().stream().flatMap(Arrays::stream)
        .noneMatch(frame -> frame.getClassName().endsWith("Pl011Component")), () -> "");
    desk.replaces(UART, desk.product.jar(HangingUart.BUNDLE));
    desk.awaitOutcome(text -> text.startsWith("replaced " + HangingUart.BUNDLE + " " + HangingUart.VERSION + " by "));
    System.clearProperty(HangingUart.END);
  }

  private static Optional<Shell> dialog() {
    return Arrays.stream(Display.getCurrent().getShells()).filter(s -> s.getText().equals(HangDialog.TITLE) && s.isVisible()).findFirst();
  }

  private static String named(Shell dialog) {
    return Person.find(dialog, Text.class, t -> (t.getStyle() & SWT.H_SCROLL) != 0).getText();
  }

  private Shell awaitDialog() {
    desk.person.await("the dialog", () -> dialog().isPresent() && named(dialog().orElseThrow()).contains(HangingUart.NAMED),
        () -> Desk.laboratory().status().text());
    return dialog().orElseThrow();
  }

  private void isTakenOffAndTheMachineGoesOn() throws Exception {
    System.setProperty(HangingUart.PROPERTY, "alarm");
    desk.boots("tiny", dialog -> {});
    Shell dialog = awaitDialog();
    assertTrue(named(dialog).contains(HangingUart.FRAME), named(dialog));
    assertEquals(Phase.RUNNING, Desk.laboratory().status().phase());
    desk.person.await("its name in the status line", () -> desk.statusLine().startsWith(HangingUart.NAMED), desk::statusLine);
    desk.show(EventsView.ID);
    desk.person.await("the event", () -> Arrays.stream(desk.events().getItems()).anyMatch(i -> i.getText(2).equals("model-hangs")
        && i.getText(3).equals(HangingUart.NODE)), () -> Desk.laboratory().trail().latest().toString());
    desk.person.photograph(dialog, Desk.picture("-hang"));
    Path kept = folder.resolve("kept");
    Person.Answer answer = desk.person.answer("Save", question -> {
      Person.find(question, Text.class, t -> (t.getStyle() & SWT.READ_ONLY) == 0).setText(kept.toString());
      desk.person.press(question, "OK");
    });
    desk.person.press(dialog, "Save what is safe…");
    answer.check();
    desk.person.await("what is safe", () -> Files.exists(kept.resolve("console.txt")), () -> "");
    String hang = Files.readString(kept.resolve("hang.txt"), StandardCharsets.UTF_8);
    assertTrue(hang.startsWith(HangingUart.NAMED) && hang.contains(HangingUart.FRAME), hang);
    assertTrue(Files.readString(kept.resolve("events.txt"), StandardCharsets.UTF_8).contains(" model-hangs " + HangingUart.NODE));
    desk.person.press(dialog, "Take it off the bus");
    desk.person.await("the end of the dialog", dialog::isDisposed, () -> named(dialog));
    // What serves what is told by the machine's thread, which therefore goes on.
    desk.person.await("a UART that nobody serves", () -> Desk.server(desk.topology(), HangingUart.NODE.substring(1)).isEmpty(),
        () -> Desk.text(desk.topology()));
    desk.person.await("a status line without the model that hung", () -> desk.statusLine().equals("tiny runs on virt."), desk::statusLine);
    desk.stops();
    assertTrue(Desk.laboratory().status().text().startsWith("Stopped after "), Desk.laboratory().status().text());
  }

  private void isLeftWithItsMachineFromTheMiddleOfAnInstruction() {
    System.setProperty(HangingUart.PROPERTY, "write");
    Path snapshot = folder.resolve("snapshot");
    desk.boots("tiny", dialog -> desk.fill(dialog, "save", snapshot.toString()));
    Shell dialog = awaitDialog();
    desk.person.press(dialog, "Take it off the bus");
    desk.person.await("why it can't be", () -> Person.all(dialog, Text.class).stream().anyMatch(t -> t.getText().contains(
        " an instruction")),
        () -> desk.person.texts(dialog).toString());
    desk.person.press(dialog, "Stop the machine");
    desk.awaitEnd();
    desk.person.await("the end of the dialog", dialog::isDisposed, () -> named(dialog));
    String text = Desk.laboratory().status().text();
    assertEquals(Phase.FAILED, Desk.laboratory().status().phase());
    assertTrue(text.startsWith(HangingUart.NAMED) && text.contains(": the run was ended."), text);
    assertTrue(text.endsWith("'Save when it ends' '" + snapshot
        + "': nothing was saved, the machine is in the middle of a call that doesn't come back."), text);
    assertFalse(Files.exists(snapshot));
  }

  private void isLeftWhileTheMachineIsMade() {
    System.setProperty(HangingUart.PROPERTY, "create");
    Person.Answer answer = desk.person.answer("Boot", dialog -> {
      desk.fill(dialog, "save", "");
      desk.person.press(dialog, "Boot");
      desk.person.await("who hangs", () -> Desk.laboratory().status().text().startsWith(HangingUart.NAMED),
          () -> Desk.laboratory().status().text());
      desk.person.await("it in the status line", () -> desk.statusLine().startsWith(HangingUart.NAMED), desk::statusLine);
      desk.person.press(dialog, "Cancel");
    });
    desk.select("Boot…");
    answer.check();
    desk.awaitEnd();
    assertTrue(Desk.laboratory().status().text().endsWith(": the machine was given up."), Desk.laboratory().status().text());
    desk.person.await("'Boot…' that can be pressed", () -> desk.person.tool(desk.window(), "Boot…").isEnabled(), () -> "");
  }
}
