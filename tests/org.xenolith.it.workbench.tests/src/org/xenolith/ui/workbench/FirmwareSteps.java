// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Menu;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.xenolith.testkit.efi.EfiProgram;
import org.xenolith.testkit.efi.FatImage;
import org.xenolith.testkit.efi.GptImage;

/** A person looks at firmware of bundles while a program from a disk waits, has drivers leave and come back, and replaces one. */
final class FirmwareSteps implements Desk.Work {
  private static final String DRIVER = "org.xenolith.efi.virtioblk";
  /** By which edk2 and we mark a virtio transport of the device tree. */
  private static final String MARK = "837dca9e-e874-4d82-b29a-23fe0e23d1e2";
  private static final List<String> CHAIN = List.of(MARK + " by ", "VirtioDevice by efi.virtio.mmio", "BlockIo by efi.virtioblk",
      "DiskIo by efi.diskio", "BlockIo by efi.partition", "DiskIo by efi.diskio", "SimpleFileSystem by efi.fat");
  private static final int LINK = 2;
  private static final String GREETING = "press any key";
  /** Waits for a key that nobody presses, in boot services. */
  private static final String PROGRAM = """
          stp x29, x30, [sp, #-32]!
          stp x19, x20, [sp, #16]
          mov x19, x1
          ldr x20, [x1, #96]
          ldr x0, [x19, #64]
          adr x1, greeting
          ldr x9, [x0, #8]
          blr x9
      again:
          mov x0, #1
          ldr x1, [x19, #48]
          add x1, x1, #16
          adr x2, index
          ldr x9, [x20, #96]
          blr x9
          b again
          .balign 8
      index: .quad 0
      greeting: .hword %s, 13, 10, 0
      """.formatted(GREETING.chars().mapToObj(Integer::toString).collect(Collectors.joining(", ")));
  private final Path folder;
  private Desk desk;
  /** The disk's device path, as soon as it is known. */
  private String place = "";

  /** @param folder empty, for its files */
  FirmwareSteps(Path folder) {
    this.folder = folder;
  }

  @Override
  public void at(Desk opened) throws Exception {
    desk = opened;
    desk.show(FirmwareView.ID);
    awaitEmpty("No machine.");
    Path disk = Files.write(folder.resolve("disk.img"), GptImage.of(new FatImage(16, false).file("EFI/BOOT/BOOTAA64.EFI", EfiProgram.of(
        PROGRAM)).bytes()));
    desk.boots("", dialog -> {
      desk.fill(dialog, "firmware", "xenolith");
      desk.fill(dialog, "disk", disk.toString());
    });
    desk.person.await("the program", () -> desk.consoleText().contains(GREETING), desk::consoleText);
    showsHowTheFileSystemCameAbout();
    disconnectsAndConnects();
    replacesALayer();
    desk.stops();
    awaitEmpty("No machine.");
    assertFalse(button("Connect").isEnabled(), "without firmware there is nothing to connect");
    desk.show(BundlesView.ID);
  }

  private void showsHowTheFileSystemCameAbout() {
    desk.person.await("the file system below its disk", () -> volume() != null, this::text);
    assertEquals(1, tree().getItemCount(), this::text);
    assertEquals("Board", tree().getItem(0).getText());
    TreeItem volume = volume();
    assertTrue(volume.getText(1).startsWith("/HD(1,GPT,"), this::text);
    assertTrue(volume.getText(2).contains("FAT"), this::text);
    choose(volume);
    assertEquals(CHAIN, chain());
    assertFalse(button("Replace…").isEnabled(), "a controller is no bundle's");
    // A protocol with its users, and its own chain.
    TreeItem protocol = below(disk(), "BlockIo");
    choose(protocol);
    assertEquals(CHAIN.subList(0, LINK + 1), chain());
    assertTrue(button("Replace…").isEnabled());
    assertTrue(Desk.below(protocol).anyMatch(user -> user.getText(1).equals("by driver")), this::text);
  }

  private void disconnectsAndConnects() {
    place = disk().getText(1);
    choose(disk());
    desk.person.press(view(), "Disconnect");
    desk.person.await("the children to go", () -> volume() == null && disk() != null && below(disk(), "BlockIo") == null, this::text);
    awaitOutcome(text -> text.equals("disconnect: SUCCESS"));
    assertEquals(CHAIN.subList(0, 1), chain(), "what is left of the disk is selected still");
    chooseFromMenu("Connect");
    desk.person.await("them to come back", () -> volume() != null && below(volume(), "SimpleFileSystem") != null, this::text);
    awaitOutcome(text -> text.equals("connect: SUCCESS"));
    desk.show(EventsView.ID);
    desk.person.await("both among the events", () -> Arrays.stream(desk.events().getItems()).filter(item -> Stream.of(0, 1, 2, 3, 4)
        .anyMatch(
            column -> item.getText(column).equals("efi-request"))).count() == 2, () -> Desk.laboratory().trail().latest().toString());
    desk.show(FirmwareView.ID);
  }

  private void replacesALayer() throws IOException {
    choose(volume());
    assertEquals(CHAIN, chain());
    Table links = links();
    links.setSelection(LINK);
    desk.person.select(links);
    replace(desk.product.version(DRIVER, "1.7.0", folder, Map.of()));
    awaitOutcome(text -> text.startsWith("replaced " + DRIVER + " 1.0.0") && text.contains(" by 1.7.0, 1 device of virt; "));
    desk.person.await("the new version in the chain", () -> links.getItemCount() == CHAIN.size() && links.getItem(LINK).getText(3).equals(
        "efi.virtioblk 1.7.0"), () -> chain().toString());
    assertEquals(LINK, links.getSelectionIndex(), "what was selected is");
    desk.person.photograph(desk.window(), Desk.picture("-firmware"));
    replace(desk.product.jar(DRIVER));
    desk.person.await("the old version in the chain", () -> links.getItem(LINK).getText(3).startsWith("efi.virtioblk 1.0.0"), () -> chain()
        .toString());
  }

  private void replace(Path jar) {
    Person.Answer answer = desk.person.answer("Bundle", dialog -> {
      Person.find(dialog, Text.class, t -> (t.getStyle() & SWT.READ_ONLY) == 0).setText(jar.toString());
      desk.person.press(dialog, "OK");
    });
    desk.person.press(view(), "Replace…");
    answer.check();
  }

  /** The other way: where it is clicked. */
  private void chooseFromMenu(String action) {
    Menu menu = tree().getMenu();
    menu.notifyListeners(SWT.Show, new Event());
    assertEquals(List.of("Connect true", "Disconnect true", "Replace… false"), Arrays.stream(menu.getItems()).map(item -> item.getText()
        + " "
        + item.isEnabled()).toList());
    desk.person.select(Arrays.stream(menu.getItems()).filter(item -> item.getText().equals(action)).findFirst().orElseThrow());
  }

  private void awaitEmpty(String hint) {
    desk.person.await("a line that says why nothing is shown", () -> tree().getItemCount() == 0 && desk.person.texts(view()).stream()
        .anyMatch(text -> text.startsWith(hint)), () -> desk.person.texts(view()) + text());
  }

  private void awaitOutcome(Predicate<String> as) {
    Label label = Person.all(button("Connect").getParent(), Label.class).getLast();
    desk.person.await("the outcome", () -> as.test(label.getText()), label::getText);
  }

  private void choose(TreeItem item) {
    tree().setSelection(item);
    desk.person.select(tree());
  }

  private Tree tree() {
    return Person.find(desk.window(), Tree.class, t -> t.getColumnCount() == 3 && t.getColumn(2).getText().equals("Drivers"));
  }

  private Table links() {
    return Person.find(desk.window(), Table.class, t -> t.getColumnCount() == 4);
  }

  /** What the view's controls are in. */
  private Composite view() {
    return tree().getParent().getParent().getParent();
  }

  private Button button(String text) {
    return Person.find(view(), Button.class, b -> b.getText().equals(text));
  }

  private List<String> chain() {
    return Arrays.stream(links().getItems()).map((TableItem link) -> link.getText(0) + " by " + link.getText(3).replaceFirst(" .*", ""))
        .toList();
  }

  /** The disk, from which the others were made: of the transports the one that has or had something behind it. */
  private TreeItem disk() {
    return Arrays.stream(tree().getItems()).flatMap(Desk::below).filter(item -> item.getText(1).equals(place) || below(item, "BlockIo")
        != null).findFirst().orElse(null);
  }

  /** Its partition with the file system. */
  private TreeItem volume() {
    return disk() == null ? null : Desk.below(disk()).filter(item -> below(item, "SimpleFileSystem") != null).findFirst().orElse(null);
  }

  private TreeItem below(TreeItem item, String what) {
    show(item);
    return Desk.below(item).filter(each -> each.getText().equals(what)).findFirst().orElse(null);
  }

  /** Rows below one that was never opened are not there yet. */
  private void show(TreeItem item) {
    if (!item.getExpanded() && item.getItemCount() > 0 && item.getItem(0).getData() == null) {
      Event event = new Event();
      event.item = item;
      tree().notifyListeners(SWT.Expand, event);
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    Arrays.stream(tree().getItems()).forEach(item -> add(item, 0, text));
    return text + "\n" + Desk.laboratory().trail().latest();
  }

  private void add(TreeItem item, int depth, StringBuilder text) {
    text.append("\n").append("  ".repeat(depth)).append(item.getText(0)).append(" | ").append(item.getText(1)).append(" | ").append(item
        .getText(2));
    Desk.below(item).filter(each -> each.getData() != null).forEach(each -> add(each, depth + 1, text));
  }
}
