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
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person works with the workbench in a real window: boots Debian, types, and changes bundles under it. */
class WorkbenchTest {
  private static final String PROMPT = "xenolith:/# ";
  private static final String UART = "org.xenolith.hw.pl011";
  private static final String CLOCK = "org.xenolith.hw.pl031";
  /** Much for a person, for a test machine that is busy with other things; a machine that ran on the UI thread would block it for good. */
  private static final long BLOCKED_MILLISECONDS = 15_000;

  private final InstalledProduct product = new InstalledProduct();
  private Person person;
  private Shell window;

  @TempDir Path folder;

  @Test void guestRunsAndBundlesAreChangedUnderItFromAWindow() throws Exception {
    assertTrue(System.getenv("DISPLAY") != null,
        "no display: run ./xenolith test, which starts one; or set DISPLAY, or run under xvfb-run");
    product.install();
    Throwable[] fault = new Throwable[1];
    Display display = PlatformUI.createDisplay();
    try {
      int code = PlatformUI.createAndRunWorkbench(display, new LaboratoryAdvisor() {
        @Override public void postStartup() {
          display.asyncExec(() -> {
            try {
              work(display);
            } catch (Throwable e) {
              fault[0] = e;
              photographFailure();
            } finally {
              PlatformUI.getWorkbench().close();
            }
          });
        }
      });
      assertEquals(PlatformUI.RETURN_OK, code);
      endsWithTheWindow();
    } finally {
      display.dispose();
    }
    if (fault[0] != null) {
      throw new AssertionError(fault[0].getMessage(), fault[0]);
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

  private void work(Display display) throws Exception {
    person = new Person(display);
    window = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell();
    assertEquals("Xenolith", window.getText());
    fits(display);
    try (Heartbeat heart = new Heartbeat(display)) {
      bootsDebian();
      showsWhoServesWhat();
      takesKeys("echo $((6 * 7))x", "42x");
      replacesTheUartUnderTheGuest();
      takesKeys("echo $((6 * 8))y", "48y");
      removesAndAddsTheClock();
      stops();
      bootsDom0();
      takesKeys("echo $((6 * 9))z", "54z");
      Files.createDirectories(picture().getParent());
      fits(display);
      person.photograph(window, picture());
      assertTrue(heart.longest() < BLOCKED_MILLISECONDS, "the UI thread didn't answer for " + heart.longest() + " ms");
      System.out.println("longest time that the UI thread took to answer: " + heart.longest() + " ms");
    }
  }

  /** Whatever is in it, the window is no higher than the screen. */
  private void fits(Display display) {
    assertTrue(window.getSize().y <= display.getBounds().height, () -> "the window is higher than the screen: " + window.getSize());
  }

  private void bootsDebian() throws Exception {
    boots(dialog -> Person.find(dialog, Text.class, t -> t.getMessage().startsWith("SLOT=MODEL")).setText("1.0=root-port 1.0/0.0=rogue"));
    PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage().showView(PciView.ID);
    Tree buses = Person.find(window, Tree.class, t -> !t.getHeaderVisible());
    person.await("the endpoint that the guest found, below its port", () -> Arrays.stream(buses.getItems()).flatMap(WorkbenchTest::below)
        .flatMap(WorkbenchTest::below).anyMatch(i -> i.getText().startsWith("01:00.0 1b36:00f0 ")), () -> laboratory().buses());
    PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage().showView(DomainsView.ID);
    assertEquals(0, domains().getItemCount(), "domains of a machine without a hypervisor");
  }

  private void bootsDom0() {
    boots(dialog -> Person.find(dialog, Button.class, b -> b.getText().startsWith("Under Xenolith's hypervisor")).setSelection(true));
    person.await("Dom0 in the list of domains", () -> Arrays.stream(domains().getItems())
        .anyMatch(i -> i.getText(0).equals("0") && i.getText(2).matches("running|blocked") && i.getText(3).equals("1 of 1")),
        () -> Arrays.stream(domains().getItems()).map(i -> i.getText(0) + " " + i.getText(1) + " " + i.getText(2) + " " + i.getText(3))
            .collect(Collectors.joining("\n")));
  }

  private void boots(Consumer<Shell> wish) {
    Person.Answer answer = person.answer("Boot", dialog -> {
      choose(dialog, "virt");
      choose(dialog, "debian");
      wish.accept(dialog);
      person.press(dialog, "Boot");
    });
    int before = boots();
    person.tool(window, "Boot…");
    answer.check();
    person.await("a shell in the console", () -> boots() > before && consoleText().stripTrailing().endsWith(PROMPT.strip()),
        () -> laboratory().status() + "\n" + consoleText());
    assertEquals(Laboratory.Phase.RUNNING, laboratory().status().phase());
  }

  /** How many kernels have announced themselves on the console. */
  private int boots() {
    return consoleText().split("Booting Linux", -1).length;
  }

  private Table domains() {
    return Person.find(window, Table.class, t -> t.getColumnCount() == 5 && t.getColumn(0).getText().equals("Domid"));
  }

  private static void choose(Shell dialog, String name) {
    Combo combo = Person.find(dialog, Combo.class, c -> Arrays.asList(c.getItems()).contains(name));
    combo.setText(name);
  }

  private void showsWhoServesWhat() {
    Tree tree = Person.find(window, Tree.class, Tree::getHeaderVisible);
    person.await("the UART's server in the topology", () -> server(tree, "pl011@9000000").startsWith("hw.pl011 "), () -> text(tree));
    assertEquals("0x9000000", item(tree, "pl011@9000000").getText(1));
    assertTrue(text(tree).contains("cpus"), text(tree));
  }

  private void takesKeys(String line, String answer) {
    person.type(console().terminal().getControl(), line + "\r");
    person.await(answer, () -> consoleText().contains(answer), this::consoleText);
  }

  private void replacesTheUartUnderTheGuest() throws Exception {
    Path jar = product.version(UART, "1.7.0", folder);
    choose("hw.pl011");
    Person.Answer answer = person.answer("Bundle", dialog -> {
      Text file = Person.find(dialog, Text.class, t -> t.isEnabled() && (t.getStyle() & SWT.READ_ONLY) == 0);
      file.setText(folder.resolve("nothing.jar").toString());
      assertFalse(Person.find(dialog, Button.class, b -> b.getText().replace("&", "").equals("OK")).isEnabled(),
          "a file that isn't there must not be accepted");
      file.setText(jar.toString());
      person.press(dialog, "OK");
    });
    person.press(bundles().getParent().getParent(), "Replace…");
    answer.check();
    awaitOutcome(text -> text.matches("Replacing " + UART + ": done\\. Version 1\\.7\\.0\\. 1 device; machines stood still for [0-9.,]+ ms\\."));
    person.await("the new version in the list", () -> row("hw.pl011") != null && row("hw.pl011").getText(1).equals("1.7.0"), this::rows);
    Tree tree = Person.find(window, Tree.class, Tree::getHeaderVisible);
    person.await("the new version in the topology", () -> server(tree, "pl011@9000000").equals("hw.pl011 1.7.0"), () -> text(tree));
    // The wrong jar is refused, and the person is told why.
    choose("hw.pl011");
    person.answer("Bundle", dialog -> {
      Person.find(dialog, Text.class, t -> (t.getStyle() & SWT.READ_ONLY) == 0).setText(file(CLOCK));
      person.press(dialog, "OK");
    });
    person.press(bundles().getParent().getParent(), "Replace…");
    awaitOutcome(text -> text.startsWith("Replacing " + UART + ": not done. the jar is " + CLOCK));
  }

  private void removesAndAddsTheClock() {
    Tree tree = Person.find(window, Tree.class, Tree::getHeaderVisible);
    choose("hw.pl031");
    person.press(bundles().getParent().getParent(), "Remove");
    awaitOutcome(text -> text.startsWith("Removing " + CLOCK + ": done. 1 device;"));
    person.await("an absent clock", () -> server(tree, "pl031@9010000").equals("(absent)"), () -> text(tree));
    person.await("a list without it", () -> row("hw.pl031") == null, this::rows);
    Person.Answer answer = person.answer("Bundle", dialog -> {
      Person.find(dialog, Text.class, t -> (t.getStyle() & SWT.READ_ONLY) == 0).setText(file(CLOCK));
      person.press(dialog, "OK");
    });
    person.press(bundles().getParent().getParent(), "Add…");
    answer.check();
    awaitOutcome(text -> text.contains(": done. Version 1."));
    person.await("the clock", () -> server(tree, "pl031@9010000").startsWith("hw.pl031 "), () -> text(tree));
  }

  private void stops() {
    person.tool(window, "Stop");
    person.await("the end", () -> laboratory().status().phase() == Laboratory.Phase.ENDED, () -> laboratory().status().toString());
    assertTrue(laboratory().status().text().startsWith("Stopped after "), laboratory().status().text());
  }

  private String file(String bundle) {
    try {
      return product.jar(bundle).toString();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void awaitOutcome(Predicate<String> as) {
    Label label = Person.all(bundles().getParent().getParent(), Label.class).getLast();
    person.await("the outcome of the change", () -> as.test(label.getText()), label::getText);
  }

  private void choose(String bundle) {
    Table table = bundles();
    table.setSelection(row(bundle));
    person.select(table);
  }

  private Table bundles() {
    return Person.find(window, Table.class, t -> t.getColumnCount() == 3 && t.getColumn(2).getText().equals("Offers"));
  }

  private TableItem row(String bundle) {
    return Arrays.stream(bundles().getItems()).filter(i -> i.getText(0).equals(bundle)).findFirst().orElse(null);
  }

  private String rows() {
    return Arrays.stream(bundles().getItems()).map(i -> i.getText(0) + " " + i.getText(1)).collect(Collectors.joining("\n"));
  }

  private static String server(Tree tree, String node) {
    TreeItem item = item(tree, node);
    return item == null ? "" : item.getText(2);
  }

  private static TreeItem item(Tree tree, String node) {
    return Arrays.stream(tree.getItems()).flatMap(root -> Arrays.stream(root.getItems())).filter(i -> i.getText().equals(node))
        .findFirst().orElse(null);
  }

  private static Stream<TreeItem> below(TreeItem item) {
    return Arrays.stream(item.getItems());
  }

  private static String text(Tree tree) {
    return Arrays.stream(tree.getItems()).flatMap(root -> Arrays.stream(root.getItems()))
        .map(i -> i.getText(0) + " " + i.getText(1) + " " + i.getText(2)).collect(Collectors.joining("\n"));
  }

  private ConsoleView console() {
    IViewPart view = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage().findView(ConsoleView.ID);
    return (ConsoleView) view;
  }

  private String consoleText() {
    console().terminal().selectAll();
    String text = console().terminal().getSelection();
    person.click(console().terminal().getControl()); // selects nothing again
    return text;
  }

  private static Laboratory laboratory() {
    return PlatformUI.getWorkbench().getService(Laboratory.class);
  }

  private static Path picture() {
    return InstalledProduct.root().resolve("tests/org.xenolith.it.workbench.tests/target/workbench.png");
  }

  private void photographFailure() {
    if (window != null && !window.isDisposed()) {
      person.photograph(window, picture().resolveSibling("failure.png"));
    }
  }
}
