// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jface.action.StatusLineLayoutData;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CLabel;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.TabFolder;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.tm.internal.terminal.provisional.api.TerminalState;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.services.IEvaluationService;

/** A workbench in a real window of this process, at which a person works: what all tests look at there, and do. UI thread only. */
final class Desk {
  private static final String PROMPT = "xenolith:/# ";
  private static final int LOOK = 100;
  final InstalledProduct product = new InstalledProduct();
  final Person person;
  private final Display display;
  private final LaboratoryAdvisor advisor;
  private Shell window;

  /** What is done at the window. */
  interface Work {
    void at(Desk desk) throws Exception;
  }

  private Desk(Display display, Work work, Throwable[] fault) {
    this.display = display;
    person = new Person(display);
    advisor = new LaboratoryAdvisor() {
      @Override
      public void postStartup() {
        display.asyncExec(() -> begin(work, fault));
      }
    };
  }

  /** Opens a window, works at it, and closes it: a machine that still runs ends with it. */
  static void open(Work work) throws Exception {
    assertTrue(System.getenv("DISPLAY") != null,
        "no display: run ./xenolith test, which starts one; or set DISPLAY, or run under xvfb-run");
    Throwable[] fault = new Throwable[1];
    Display display = PlatformUI.createDisplay();
    try {
      Desk desk = new Desk(display, work, fault);
      desk.product.install();
      assertEquals(PlatformUI.RETURN_OK, PlatformUI.createAndRunWorkbench(display, desk.advisor));
      endsWithTheWindow();
    } finally {
      display.dispose();
    }
    if (fault[0] != null) {
      throw new AssertionError(fault[0].getMessage(), fault[0]);
    }
  }

  /** Once everything is shown: connecting the console handles events until it is done, and this isn't to be one of them. */
  private void begin(Work work, Throwable[] fault) {
    boolean connected = console().terminal().getState() == TerminalState.CONNECTED;
    display.timerExec(LOOK, connected ? () -> workWatched(work, fault) : () -> begin(work, fault));
  }

  private void workWatched(Work work, Throwable[] fault) {
    window = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell();
    try (Heartbeat heart = new Heartbeat(display)) {
      Files.createDirectories(picture("").getParent());
      work.at(this);
      System.out.println("longest time that the UI thread took to answer: " + heart.longest() + " ms");
    } catch (Throwable e) {
      fault[0] = e;
      if (!window.isDisposed()) {
        person.photograph(window, picture("-failure"));
      }
    }
    if (PlatformUI.isWorkbenchRunning()) {
      advisor.leaving().force();
      PlatformUI.getWorkbench().close();
    }
  }

  /** A machine that still runs when the window is closed ends too. */
  private static void endsWithTheWindow() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("machine")) {
        assertTrue(thread.join(Duration.ofSeconds(30)), "the machine goes on without a window");
      }
    }
  }

  /** Works from an empty boot dialog on, and leaves no machine behind. */
  void does(Work work) throws Exception {
    laboratory().form(laboratory().empty());
    work.at(this);
    if (!window.isDisposed()) {
      laboratory().stop();
      awaitEnd();
    }
  }

  Shell window() {
    return window;
  }

  /** Whatever is in it, the window is no higher than the screen. */
  void fits() {
    assertTrue(window.getSize().y <= display.getBounds().height, () -> "the window is higher than the screen: " + window.getSize());
  }

  /** Asks for a machine in the boot dialog, and waits until there is one. */
  void boots(String guest, Consumer<Shell> request) {
    Person.Answer answer = person.answer("Boot", dialog -> {
      request.accept(dialog);
      fill(dialog, "guest", guest);
      person.press(dialog, "Boot");
      awaitMachine(dialog);
    });
    select("Boot…");
    answer.check();
  }

  /** The same until Debian's shell asks for a command. */
  void bootsDebian(Consumer<Shell> request) {
    int before = kernels();
    boots("debian", request);
    person.await("a shell in the console", () -> kernels() > before && consoleText().stripTrailing().endsWith(PROMPT.strip()),
        () -> laboratory().status() + "\n" + consoleText());
    assertEquals(Laboratory.Phase.RUNNING, laboratory().status().phase());
    person.await("a status line that says so", () -> laboratory().status().text().equals(statusLine()), this::statusLine);
  }

  /** How many kernels have announced themselves on the console. */
  private int kernels() {
    return consoleText().split("Booting Linux", -1).length;
  }

  /** Cuts the power. */
  void stops() {
    stop("Stop the machine");
    awaitEnd();
  }

  /** Wants to cut the power, and presses this button when asked whether that is meant. */
  void stop(String button) {
    Person.Answer answer = person.answer("Stop", dialog -> person.press(dialog, button));
    select("Stop");
    answer.check();
  }

  /** Waits until there is no machine any more. */
  void awaitEnd() {
    person.await("the end", () -> !laboratory().busy(), () -> laboratory().status().toString());
  }

  /** The dialog stays until the machine is there. */
  void awaitMachine(Shell dialog) {
    person.await("the end of the dialog", () -> dialog.isDisposed() || laboratory().status().phase() == Laboratory.Phase.REFUSED,
        () -> laboratory().status().toString());
    if (!dialog.isDisposed()) {
      throw new AssertionError("refused: " + laboratory().status().text());
    }
  }

  static Control field(Shell dialog, String field) {
    return Person.find(dialog, Control.class, c -> field.equals(c.getData(BootFields.FIELD)));
  }

  void fill(Shell dialog, String field, String value) {
    TabFolder pages = Person.find(dialog, TabFolder.class, t -> true);
    Control control = field(dialog, field);
    pages.setSelection(Arrays.stream(pages.getItems()).filter(page -> page.getControl() == control.getParent()).findFirst().orElseThrow());
    switch (control) {
      case Combo combo -> combo.setText(value);
      case Text text -> text.setText(value);
      case Button box -> {
        box.setSelection(value.equals(BootForm.ON));
        person.select(box);
      }
      default -> throw new AssertionError("no field " + field);
    }
  }

  /** What stands in the status line, in sight. */
  String statusLine() {
    return Person.find(window, CLabel.class, l -> l.isVisible() && l.getParent().getClass().getSimpleName().equals("StatusLine")
        && l.getLayoutData() instanceof StatusLineLayoutData && !l.getText().isEmpty()).getText();
  }

  void show(String view) {
    try {
      PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage().showView(view);
    } catch (PartInitException e) {
      throw new IllegalStateException(e);
    }
    String said = laboratory().status().text();
    person.await("the same status line in every view", () -> statusLine().equals(said), this::statusLine);
  }

  /** Presses a tool. What commands are told of the machine comes a moment after what is seen of it; until then they do nothing. */
  void select(String tool) {
    person.await("the commands to hear of the machine", () -> machineOfCommands().equals(laboratory().busy() ? "present" : "absent"),
        () -> machineOfCommands() + "; " + laboratory().status());
    person.await("'" + tool + "' that can be pressed", () -> person.tool(window, tool).isEnabled(), () -> laboratory().status().toString());
    person.select(person.tool(window, tool));
  }

  private static String machineOfCommands() {
    IEvaluationService evaluation = PlatformUI.getWorkbench().getService(IEvaluationService.class);
    return String.valueOf(evaluation.getCurrentState().getVariable(MachineSource.MACHINE));
  }

  Table domains() {
    return Person.find(window, Table.class, t -> t.getColumnCount() == 5 && t.getColumn(0).getText().equals("Domid"));
  }

  Table events() {
    return Person.find(window, Table.class, t -> t.getColumnCount() == 5 && t.getColumn(0).getText().equals("Number"));
  }

  Tree topology() {
    return Person.find(window, Tree.class, t -> t.getHeaderVisible() && t.getColumn(0).getText().equals("Node"));
  }

  Composite changes() {
    return bundles().getParent().getParent();
  }

  void takesKeys(String line, String answer) {
    person.type(console().terminal().getControl(), line + "\r");
    person.await(answer, () -> consoleText().contains(answer), this::consoleText);
  }

  /** Has a bundle replaced by what is in a jar. */
  void replaces(String bundle, Path jar) {
    choose(bundle);
    namesAJar("Replace…", jar);
  }

  /** Presses a button that asks for a jar, and names one. */
  void namesAJar(String button, Path jar) {
    Person.Answer answer = person.answer("Bundle", dialog -> {
      Person.find(dialog, Text.class, t -> (t.getStyle() & SWT.READ_ONLY) == 0).setText(jar.toString());
      person.press(dialog, "OK");
    });
    person.press(changes(), button);
    answer.check();
  }

  void awaitOutcome(Predicate<String> as) {
    Label label = Person.all(changes(), Label.class).getLast();
    person.await("the outcome of the change", () -> as.test(label.getText()), label::getText);
  }

  void choose(String bundle) {
    Table table = bundles();
    table.setSelection(row(bundle));
    person.select(table);
  }

  Table bundles() {
    return Person.find(window, Table.class, t -> t.getColumnCount() == 3 && t.getColumn(2).getText().equals("Offers"));
  }

  TableItem row(String bundle) {
    return Arrays.stream(bundles().getItems()).filter(i -> i.getText(0).equals(bundle)).findFirst().orElse(null);
  }

  String rows() {
    return Arrays.stream(bundles().getItems()).map(i -> i.getText(0) + " " + i.getText(1)).collect(Collectors.joining("\n"));
  }

  static String server(Tree tree, String node) {
    TreeItem item = item(tree, node);
    return item == null ? "" : item.getText(2);
  }

  static TreeItem item(Tree tree, String node) {
    return Arrays.stream(tree.getItems()).flatMap(root -> Arrays.stream(root.getItems())).filter(i -> i.getText().equals(node))
        .findFirst().orElse(null);
  }

  static Stream<TreeItem> below(TreeItem item) {
    return Arrays.stream(item.getItems());
  }

  static String text(Tree tree) {
    return Arrays.stream(tree.getItems()).flatMap(root -> Arrays.stream(root.getItems()))
        .map(i -> i.getText(0) + " " + i.getText(1) + " " + i.getText(2)).collect(Collectors.joining("\n"));
  }

  private ConsoleView console() {
    IViewPart view = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage().findView(ConsoleView.ID);
    return (ConsoleView) view;
  }

  /** The console is light on dark, and by its colors: an inverted terminal shows the black that a guest asks for as white. */
  void consoleIsLightOnDark() {
    assertFalse(console().terminal().isInvertedColors(), "black is black");
    Control control = console().terminal().getControl();
    Image image = new Image(control.getDisplay(), control.getSize().x, control.getSize().y);
    GC gc = new GC(control);
    gc.copyArea(image, 0, 0);
    gc.dispose();
    ImageData pixels = image.getImageData();
    image.dispose();
    int dark = 0;
    for (int x = 0; x < pixels.width; x++) {
      for (int y = 0; y < pixels.height; y++) {
        dark += pixels.palette.getRGB(pixels.getPixel(x, y)).equals(ConsoleView.DARK) ? 1 : 0;
      }
    }
    assertTrue(dark > pixels.width * pixels.height / 2, dark + " of " + pixels.width + " x " + pixels.height + " pixels are dark");
  }

  String consoleText() {
    console().terminal().selectAll();
    String text = console().terminal().getSelection();
    person.click(console().terminal().getControl()); // selects nothing again
    return text;
  }

  static Laboratory laboratory() {
    return PlatformUI.getWorkbench().getService(Laboratory.class);
  }

  static Path picture(String what) {
    return InstalledProduct.root().resolve("tests/org.xenolith.it.workbench.tests/target/workbench" + what + ".png");
  }
}
