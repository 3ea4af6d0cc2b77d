package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jface.action.StatusLineLayoutData;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CLabel;
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
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ProgressListener;

/** A person works with the workbench in a real window: boots Debian, types, and changes bundles under it. */
class WorkbenchTest {
  private static final String PROMPT = "xenolith:/# ";
  private static final String UART = "org.xenolith.hw.pl011";
  private static final String CLOCK = "org.xenolith.hw.pl031";
  /** Much for a person, for a test machine that is busy with other things; a machine that ran on the UI thread would block it for good. */
  private static final long BLOCKED_MILLISECONDS = 15_000;

  private final InstalledProduct product = new InstalledProduct();
  private LaboratoryAdvisor advisor;
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
      advisor = new LaboratoryAdvisor() {
        @Override public void postStartup() {
          display.asyncExec(() -> begin(display, fault));
        }
      };
      assertEquals(PlatformUI.RETURN_OK, PlatformUI.createAndRunWorkbench(display, advisor));
      endsWithTheWindow();
    } finally {
      display.dispose();
    }
    if (fault[0] != null) {
      throw new AssertionError(fault[0].getMessage(), fault[0]);
    }
  }

  /** Once everything is shown: connecting the console handles events until it is done, and this isn't to be one of them. */
  private void begin(Display display, Throwable[] fault) {
    boolean connected = console().terminal().getState() == TerminalState.CONNECTED;
    display.timerExec(100, connected ? () -> workWatched(display, fault) : () -> begin(display, fault));
  }

  private void workWatched(Display display, Throwable[] fault) {
    try {
      work(display);
    } catch (Throwable e) {
      fault[0] = e;
      photographFailure();
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

  private void work(Display display) throws Exception {
    person = new Person(display);
    window = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell();
    assertEquals("Xenolith", window.getText());
    Files.createDirectories(picture("").getParent());
    fits(display);
    assertFalse(person.tool(window, "Stop").isEnabled(), "without a machine there is nothing to stop");
    assertEquals(laboratory().status().text(), statusLine());
    person.photograph(window, picture("-start"));
    try (Heartbeat heart = new Heartbeat(display)) {
      refusesWhatCantBe();
      bootsDebian();
      assertFalse(person.tool(window, "Boot…").isEnabled(), "there is a machine already");
      showsWhoServesWhat();
      takesKeys("echo $((6 * 7))x", "42x");
      replacesTheUartUnderTheGuest();
      takesKeys("echo $((6 * 8))j", "48J");
      removesAndRestoresTheClock();
      showsEventsWithTheirTime();
      stops();
      continuesTheSnapshot();
      bootsDom0();
      takesKeys("echo $((6 * 9))z", "54z");
      showsSubsystems();
      worksOnADomain();
      fits(display);
      show(DomainsView.ID);
      person.photograph(window, picture(""));
      quitsOnlyWhenItIsMeant();
      assertTrue(heart.longest() < BLOCKED_MILLISECONDS, "the UI thread didn't answer for " + heart.longest() + " ms");
      System.out.println("longest time that the UI thread took to answer: " + heart.longest() + " ms");
    }
  }

  /** Whatever is in it, the window is no higher than the screen. */
  private void fits(Display display) {
    assertTrue(window.getSize().y <= display.getBounds().height, () -> "the window is higher than the screen: " + window.getSize());
  }

  /** What is wrong is said at the field: what can be seen at once before it is booted, the rest when the launcher refuses it. */
  private void refusesWhatCantBe() {
    String missing = folder.resolve("nothing.img").toString();
    Person.Answer answer = person.answer("Boot", dialog -> {
      fill(dialog, BootField.DISK, missing);
      assertTrue(person.texts(dialog).contains("There is no file '" + missing + "'."), () -> person.texts(dialog).toString());
      assertFalse(Person.find(dialog, Button.class, b -> b.getText().equals("Boot")).isEnabled(), "a disk that isn't there can't be booted with");
      fill(dialog, BootField.DISK, image("disk.img") + ",frob");
      fill(dialog, BootField.MEMORY, "512M");
      person.press(dialog, "Boot");
      String refusal = "--disk '" + folder.resolve("disk.img") + ",frob': 'frob' is unknown; expected write, readonly or pci=SLOT";
      person.await("the launcher's refusal at the field", () -> person.texts(dialog).contains(refusal), () -> person.texts(dialog).toString());
      person.photograph(dialog, picture("-refused"));
      person.press(dialog, "Cancel");
    });
    select("Boot…");
    answer.check();
    assertEquals(Laboratory.Phase.REFUSED, laboratory().status().phase());
  }

  private void bootsDebian() throws Exception {
    boots(dialog -> {
      fill(dialog, BootField.PCI, "1.0=root-port\n1.0/0.0=rogue");
      fill(dialog, BootField.DISK, image("disk.img"));
      fill(dialog, BootField.NIC, ",");
      fill(dialog, BootField.GIC, "3");
      fill(dialog, BootField.CPUS, "2");
      fill(dialog, BootField.APPEND, "workbench.test=1");
      fill(dialog, BootField.SET, "/pl031@9010000:epoch-seconds=86400");
      fill(dialog, BootField.SAVE, snapshot().toString());
      fill(dialog, BootField.RECORD, folder.resolve("journal").toString());
      person.photograph(dialog, picture("-boot"));
    });
    assertTrue(consoleText().contains("workbench.test=1"), this::consoleText);
    takesKeys("grep -q GICv3 /proc/interrupts && echo $(nproc) in''stead $(date -u +%Y)", "2 instead 1970");
    assertEquals(2, laboratory().devices().stream().map(d -> d.instance().replaceFirst("^[^#]*", "")).filter(List.of("#virtio:1", "#virtio:2")::contains)
        .count(), "a disk and a network card: " + laboratory().devices());
    show(PciView.ID);
    Tree buses = Person.find(window, Tree.class, t -> !t.getHeaderVisible());
    person.await("the endpoint that the guest found, below its port", () -> Arrays.stream(buses.getItems()).flatMap(WorkbenchTest::below)
        .flatMap(WorkbenchTest::below).anyMatch(i -> i.getText().startsWith("01:00.0 1b36:00f0 ")), () -> laboratory().buses());
    show(DomainsView.ID);
    assertEquals(0, domains().getItemCount(), "domains of a machine without a hypervisor");
    assertFalse(Person.find(window, Button.class, b -> b.getText().equals("Create…")).isEnabled());
  }

  private void continuesTheSnapshot() {
    Person.Answer answer = person.answer("Boot", dialog -> {
      fill(dialog, BootField.LOAD, snapshot().toString());
      fill(dialog, BootField.SAVE, "");
      fill(dialog, BootField.RECORD, "");
      assertFalse(field(dialog, BootField.BOARD).isEnabled(), "the board is the snapshot's");
      person.press(dialog, "Boot");
      awaitMachine(dialog);
    });
    select("Boot…");
    answer.check();
    assertEquals(Laboratory.Phase.RUNNING, laboratory().status().phase(), () -> laboratory().status().text());
    takesKeys("echo $((6 * 11))w", "66w");
    select("Stop");
    person.await("the end", () -> laboratory().status().phase() == Laboratory.Phase.ENDED, () -> laboratory().status().toString());
  }

  private void bootsDom0() {
    boots(dialog -> {
      for (BootField left : new BootField[] {BootField.LOAD, BootField.PCI, BootField.DISK, BootField.NIC, BootField.GIC, BootField.CPUS,
          BootField.APPEND, BootField.SET}) {
        fill(dialog, left, "");
      }
      fill(dialog, BootField.HYPERVISOR, BootForm.ON);
      fill(dialog, BootField.MEMORY, "1G");
    });
    show(DomainsView.ID);
    person.await("Dom0 in the list of domains", () -> Arrays.stream(domains().getItems())
        .anyMatch(i -> i.getText(0).equals("0") && i.getText(2).matches("running|blocked") && i.getText(3).equals("1 of 1")), this::domainRows);
  }

  private void showsSubsystems() {
    Tree tree = topology();
    person.await("the subsystem that serves stage 2", () -> subsystem(tree, "p2m").startsWith("hyp.p2m "), () -> text(tree));
    choose("hyp.trace");
    person.press(changes(), "Remove");
    person.await("an absent subsystem", () -> subsystem(tree, "trace").equals("(absent)"), () -> text(tree));
    person.await("its bundle among those that were removed", () -> row("hyp.trace") != null && row("hyp.trace").getText(1).startsWith("removed"), this::rows);
    choose("hyp.trace");
    person.press(changes(), "Restore");
    person.await("the subsystem", () -> subsystem(tree, "trace").startsWith("hyp.trace "), () -> text(tree));
    tree.setTopItem(item(tree, "xenolith-hypervisor"));
    person.photograph(window, picture("-subsystems"));
  }

  private static String subsystem(Tree tree, String role) {
    TreeItem node = item(tree, "xenolith-hypervisor");
    return node == null ? "" : below(node).filter(i -> i.getText().equals(role)).map(i -> i.getText(2)).findFirst().orElse("");
  }

  private void worksOnADomain() {
    show(DomainsView.ID);
    Person.Answer answer = person.answer("Domain", dialog -> {
      Text file = Person.find(dialog, Text.class, t -> (t.getStyle() & SWT.READ_ONLY) == 0);
      file.setText(folder.resolve("nothing.cfg").toString());
      assertFalse(Person.find(dialog, Button.class, b -> b.getText().replace("&", "").equals("OK")).isEnabled());
      file.setText(domain());
      person.press(dialog, "OK");
    });
    person.press(tools(), "Create…");
    answer.check();
    awaitDomain("the domain", "running|blocked");
    domains().setSelection(Arrays.stream(domains().getItems()).filter(i -> i.getText(1).equals("one")).findFirst().orElseThrow());
    person.select(domains());
    assertFalse(Person.find(window, Button.class, b -> b.getText().equals("Unpause")).isEnabled(), "it isn't paused");
    person.press(tools(), "Pause");
    awaitDomain("the paused domain", "paused");
    person.photograph(window, picture("-paused"));
    person.press(tools(), "Unpause");
    awaitDomain("the domain that goes on", "running|blocked");
    person.press(tools(), "Destroy");
    person.await("a list without it", () -> domainRows().lines().noneMatch(row -> row.contains(" one ")), this::domainRows);
  }

  private void awaitDomain(String what, String states) {
    person.await(what, () -> Arrays.stream(domains().getItems()).anyMatch(i -> i.getText(1).equals("one") && i.getText(2).matches(states)),
        () -> domainRows() + "\n" + laboratory().domains().last());
  }

  /** The configuration of a domain, in a folder with a blank in its name. */
  private String domain() {
    var context = org.osgi.framework.FrameworkUtil.getBundle(Laboratory.class).getBundleContext();
    try {
      GuestImage image = context.getServiceReferences(GuestSource.class, null).stream().map(context::getService)
          .filter(g -> g.name().equals("debian")).findFirst().orElseThrow().obtain(ProgressListener.SILENT, GuestRequest.PLAIN);
      Path files = Files.createDirectory(folder.resolve("my domains"));
      Files.write(files.resolve("Image"), image.kernel());
      Files.write(files.resolve("initrd"), image.initrd().orElseThrow());
      return Files.writeString(files.resolve("one.cfg"), """
          name = "one"
          memory = 128
          kernel = "%s"
          ramdisk = "%s"
          extra = "console=hvc0 xl.test=wait"
          """.formatted(files.resolve("Image"), files.resolve("initrd"))).toString();
    } catch (java.io.IOException | org.osgi.framework.InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private String domainRows() {
    return Arrays.stream(domains().getItems()).map(i -> i.getText(0) + " " + i.getText(1) + " " + i.getText(2) + " " + i.getText(3))
        .collect(Collectors.joining("\n"));
  }

  private void showsEventsWithTheirTime() {
    show(EventsView.ID);
    Table events = events();
    person.await("the clock's coming and going", () -> events.getItemCount() >= 4, () -> laboratory().trail().latest().toString());
    for (TableItem item : events.getItems()) {
      assertTrue(item.getText(1).matches("[0-9]+\\.[0-9]{9}"), () -> "an event without its virtual time: " + item.getText(0) + " " + item.getText(1));
    }
    person.photograph(window, picture("-events"));
  }

  /** With a machine running the person is asked; 'Cancel' keeps both, and the machine goes on. */
  private void quitsOnlyWhenItIsMeant() {
    Person.Answer no = person.answer("Quit", dialog -> {
      person.photograph(dialog, picture("-quit"));
      person.press(dialog, "Cancel");
    });
    assertFalse(PlatformUI.getWorkbench().close());
    no.check();
    takesKeys("echo $((6 * 12))v", "72v");
    Person.Answer yes = person.answer("Quit", dialog -> person.press(dialog, "Stop and quit"));
    PlatformUI.getWorkbench().close(); // later, when the machine is gone
    yes.check();
  }

  private void boots(Consumer<Shell> wish) {
    Person.Answer answer = person.answer("Boot", dialog -> {
      fill(dialog, BootField.BOARD, "virt");
      wish.accept(dialog);
      fill(dialog, BootField.GUEST, "debian");
      person.press(dialog, "Boot");
      awaitMachine(dialog);
    });
    int before = boots();
    select("Boot…");
    answer.check();
    person.await("a shell in the console", () -> boots() > before && consoleText().stripTrailing().endsWith(PROMPT.strip()),
        () -> laboratory().status() + "\n" + consoleText());
    assertEquals(Laboratory.Phase.RUNNING, laboratory().status().phase());
    assertEquals(laboratory().status().text(), statusLine());
  }

  /** The dialog stays until the machine is there. */
  private void awaitMachine(Shell dialog) {
    person.await("the end of the dialog", () -> dialog.isDisposed() || laboratory().status().phase() == Laboratory.Phase.REFUSED,
        () -> laboratory().status().toString());
    if (!dialog.isDisposed()) {
      throw new AssertionError("refused: " + laboratory().status().text());
    }
  }

  private static Control field(Shell dialog, BootField field) {
    return Person.find(dialog, Control.class, c -> c.getData(BootFields.FIELD) == field);
  }

  private void fill(Shell dialog, BootField field, String value) {
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

  private String image(String name) {
    try {
      return Files.write(folder.resolve(name), new byte[1 << 20]).toString();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Path snapshot() {
    return folder.resolve("snapshot");
  }

  /** What stands in the status line, in sight. */
  private String statusLine() {
    return Person.find(window, CLabel.class, l -> l.isVisible() && l.getParent().getClass().getSimpleName().equals("StatusLine")
        && l.getLayoutData() instanceof StatusLineLayoutData && !l.getText().isEmpty()).getText();
  }

  private void show(String view) {
    try {
      PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage().showView(view);
    } catch (org.eclipse.ui.PartInitException e) {
      throw new IllegalStateException(e);
    }
    String said = laboratory().status().text();
    person.await("the same status line in every view", () -> statusLine().equals(said), this::statusLine);
  }

  private void select(String tool) {
    person.await("'" + tool + "' that can be pressed", () -> person.tool(window, tool).isEnabled(), () -> laboratory().status().toString());
    person.select(person.tool(window, tool));
  }

  /** How many kernels have announced themselves on the console. */
  private int boots() {
    return consoleText().split("Booting Linux", -1).length;
  }

  private Table domains() {
    return Person.find(window, Table.class, t -> t.getColumnCount() == 5 && t.getColumn(0).getText().equals("Domid"));
  }

  private Table events() {
    return Person.find(window, Table.class, t -> t.getColumnCount() == 5 && t.getColumn(0).getText().equals("Number"));
  }

  private Tree topology() {
    return Person.find(window, Tree.class, Tree::getHeaderVisible);
  }

  private Composite changes() {
    return bundles().getParent().getParent();
  }

  private Composite tools() {
    return domains().getParent().getParent();
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
    Path jar = product.otherUart("1.7.0", folder);
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

  private void removesAndRestoresTheClock() {
    Tree tree = topology();
    choose("hw.pl031");
    assertFalse(Person.find(changes(), Button.class, b -> b.getText().equals("Restore")).isEnabled(), "it is there");
    person.press(changes(), "Remove");
    awaitOutcome(text -> text.startsWith("Removing " + CLOCK + ": done. 1 device;"));
    person.await("an absent clock", () -> server(tree, "pl031@9010000").equals("(absent)"), () -> text(tree));
    person.await("it among those that were removed", () -> row("hw.pl031") != null && row("hw.pl031").getText(1).startsWith("removed"), this::rows);
    choose("hw.pl031");
    assertFalse(Person.find(changes(), Button.class, b -> b.getText().equals("Remove")).isEnabled(), "it is gone");
    person.press(changes(), "Restore");
    awaitOutcome(text -> text.startsWith("Restoring " + CLOCK + ": done. Version 1."));
    person.await("the clock", () -> server(tree, "pl031@9010000").startsWith("hw.pl031 "), () -> text(tree));
    // The other way: by a jar.
    choose("hw.pl031");
    person.press(changes(), "Remove");
    person.await("an absent clock", () -> server(tree, "pl031@9010000").equals("(absent)"), () -> text(tree));
    Person.Answer answer = person.answer("Bundle", dialog -> {
      Person.find(dialog, Text.class, t -> (t.getStyle() & SWT.READ_ONLY) == 0).setText(file(CLOCK));
      person.press(dialog, "OK");
    });
    person.press(changes(), "Add…");
    answer.check();
    awaitOutcome(text -> text.startsWith("Adding ") && text.contains(": done. Version 1."));
    person.await("the clock", () -> server(tree, "pl031@9010000").startsWith("hw.pl031 "), () -> text(tree));
    assertTrue(rows().lines().filter(row -> row.startsWith("hw.pl031 ")).noneMatch(row -> row.contains("removed")), this::rows);
  }

  private void stops() {
    select("Stop");
    person.await("the end", () -> laboratory().status().phase() == Laboratory.Phase.ENDED, () -> laboratory().status().toString());
    assertTrue(laboratory().status().text().startsWith("Stopped after "), laboratory().status().text());
    assertTrue(laboratory().status().text().endsWith("The snapshot is in " + snapshot() + "."), laboratory().status().text());
    assertTrue(Files.isRegularFile(folder.resolve("journal")), "the journal");
    person.await("'Stop' that can't be pressed", () -> !person.tool(window, "Stop").isEnabled(), () -> "");
    person.await("no events of a machine that is gone", () -> events().getItemCount() == 0, () -> laboratory().trail().latest().toString());
    person.await("no hardware of a machine that is gone", () -> topology().getItemCount() == 0, () -> text(topology()));
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

  private static Path picture(String what) {
    return InstalledProduct.root().resolve("tests/org.xenolith.it.workbench.tests/target/workbench" + what + ".png");
  }

  private void photographFailure() {
    if (window != null && !window.isDisposed()) {
      person.photograph(window, picture("-failure"));
    }
  }
}
