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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.model.IDebugTarget;
import org.eclipse.debug.core.model.IStackFrame;
import org.eclipse.debug.core.model.IThread;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.ui.PlatformUI;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ProgressListener;

/** A person boots Debian as Dom0, looks at the hypervisor's subsystems, works on a domain, and quits with the machine running. */
final class DomainsSteps implements Desk.Work {
  private final Path folder;
  private Desk desk;

  /** @param folder empty, for its files */
  DomainsSteps(Path folder) {
    this.folder = folder;
  }

  @Override
  public void at(Desk opened) throws Exception {
    desk = opened;
    // This person stays with the domains when their machine stands.
    InstanceScope.INSTANCE.getNode("org.eclipse.debug.ui").put("org.eclipse.debug.ui.switch_perspective_on_suspend", "never");
    bootsDom0();
    desk.takesKeys("echo $((6 * 9))z", "54z");
    showsSubsystems();
    worksOnADomain();
    desk.fits();
    desk.show(DomainsView.ID);
    desk.person.photograph(desk.window(), Desk.picture(""));
    quitsOnlyWhenItIsMeant();
  }

  private void bootsDom0() {
    desk.bootsDebian(dialog -> {
      desk.fill(dialog, "hypervisor", BootForm.ON);
      desk.fill(dialog, "memory", "1G");
    });
    desk.show(DomainsView.ID);
    desk.person.await("Dom0 in the list of domains", () -> Arrays.stream(desk.domains().getItems())
        .anyMatch(i -> i.getText(0).equals("0") && i.getText(2).matches("running|blocked") && i.getText(3).equals("1 of 1")),
        this::domainRows);
  }

  private void showsSubsystems() {
    Tree tree = desk.topology();
    desk.person.await("the subsystem that serves stage 2", () -> subsystem(tree, "p2m").startsWith("hyp.p2m.a64 "), () -> Desk.text(tree));
    desk.choose("hyp.trace");
    desk.person.press(desk.changes(), "Remove");
    desk.person.await("an absent subsystem", () -> subsystem(tree, "trace").equals("(absent)"), () -> Desk.text(tree));
    desk.person.await("its bundle among those that were removed", () -> desk.row("hyp.trace") != null && desk.row("hyp.trace").getText(1)
        .startsWith("removed"), desk::rows);
    desk.choose("hyp.trace");
    desk.person.press(desk.changes(), "Restore");
    desk.person.await("the subsystem", () -> subsystem(tree, "trace").startsWith("hyp.trace "), () -> Desk.text(tree));
    tree.setTopItem(Desk.item(tree, "xenolith-hypervisor"));
    desk.person.photograph(desk.window(), Desk.picture("-subsystems"));
  }

  private static String subsystem(Tree tree, String role) {
    TreeItem node = Desk.item(tree, "xenolith-hypervisor");
    return node == null ? "" : Desk.below(node).filter(i -> i.getText().equals(role)).map(i -> i.getText(2)).findFirst().orElse("");
  }

  private void worksOnADomain() {
    desk.show(DomainsView.ID);
    Person.Answer answer = desk.person.answer("Domain", dialog -> {
      Text file = Person.find(dialog, Text.class, t -> (t.getStyle() & SWT.READ_ONLY) == 0);
      file.setText(folder.resolve("nothing.cfg").toString());
      assertFalse(Person.find(dialog, Button.class, b -> b.getText().replace("&", "").equals("OK")).isEnabled());
      file.setText(domain());
      desk.person.press(dialog, "OK");
    });
    desk.person.press(tools(), "Create…");
    answer.check();
    awaitDomain("the domain", "running|blocked");
    desk.domains().setSelection(Arrays.stream(desk.domains().getItems()).filter(i -> i.getText(1).equals("one")).findFirst().orElseThrow());
    desk.person.select(desk.domains());
    assertFalse(Person.find(desk.window(), Button.class, b -> b.getText().equals("Unpause")).isEnabled(), "it isn't paused");
    desk.person.press(tools(), "Pause");
    awaitDomain("the paused domain", "paused");
    desk.person.photograph(desk.window(), Desk.picture("-paused"));
    desk.person.press(tools(), "Unpause");
    awaitDomain("the domain that goes on", "running|blocked");
    standBesideTheMachine();
    desk.person.press(tools(), "Destroy");
    desk.person.await("a list without it", () -> domainRows().lines().noneMatch(row -> row.contains(" one ")), this::domainRows);
    standBesideTheMachine();
  }

  /** A machine that is halted has the domains of the list beside it in its launch, and no others: their virtual CPUs are threads, with registers as far as they are known. */
  private void standBesideTheMachine() {
    IDebugTarget machine = targets().filter(each -> called(each).equals("virt: debian")).findFirst().orElseThrow();
    List<String> listed = Arrays.stream(desk.domains().getItems()).map(row -> "d" + row.getText(0)).toList();
    halt(machine);
    try {
      // They are looked into after the machine's own CPUs.
      desk.person.await("its domains " + listed, () -> targets().map(DomainsSteps::called).filter(name -> name.matches("d[0-9]+")).toList()
          .equals(listed), () -> targets().map(DomainsSteps::called).toList().toString());
      for (IDebugTarget domain : targets().filter(each -> called(each).matches("d[0-9]+")).toList()) {
        IThread virtual = domain.getThreads()[0];
        assertEquals("vCPU 0", virtual.getName());
        assertTrue(virtual.isSuspended());
        // One that is offline has no registers that anybody knows; Dom0's isn't.
        if (called(domain).equals("d0")) {
          desk.person.await("registers of d0's virtual CPU", () -> registers(virtual) > 0, machine::toString);
        }
      }
      machine.resume();
    } catch (DebugException e) {
      throw new AssertionError(e);
    }
    desk.person.await("a machine that goes on", () -> !machine.isSuspended(), machine::toString);
  }

  private static int registers(IThread virtual) {
    try {
      IStackFrame top = virtual.getTopStackFrame();
      return top == null || !top.hasRegisterGroups() ? 0 : top.getRegisterGroups()[0].getRegisters().length;
    } catch (DebugException e) {
      return 0;
    }
  }

  private void halt(IDebugTarget machine) {
    try {
      machine.suspend();
    } catch (DebugException e) {
      throw new AssertionError(e);
    }
    desk.person.await("a machine that stands", machine::isSuspended, machine::toString);
    // Its threads are looked into before anybody is told.
    desk.person.await("its CPU's calls", () -> {
      try {
        return machine.getThreads()[0].hasStackFrames();
      } catch (DebugException e) {
        return false;
      }
    }, machine::toString);
  }

  private static Stream<IDebugTarget> targets() {
    return Arrays.stream(DebugPlugin.getDefault().getLaunchManager().getDebugTargets()).filter(each -> !each.isTerminated());
  }

  private static String called(IDebugTarget target) {
    try {
      return target.getName();
    } catch (DebugException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitDomain(String what, String states) {
    desk.person.await(what, () -> Arrays.stream(desk.domains().getItems()).anyMatch(i -> i.getText(1).equals("one") && i.getText(2).matches(
        states)),
        () -> domainRows() + "\n" + Desk.laboratory().domains().last());
  }

  /** The configuration of a domain, in a folder with a blank in its name. */
  private String domain() {
    BundleContext context = FrameworkUtil.getBundle(Laboratory.class).getBundleContext();
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
    } catch (IOException | InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private String domainRows() {
    return Arrays.stream(desk.domains().getItems()).map(i -> i.getText(0) + " " + i.getText(1) + " " + i.getText(2) + " " + i.getText(3))
        .collect(Collectors.joining("\n"));
  }

  /** With a machine running the person is asked; 'Cancel' keeps both, and the machine goes on. */
  private void quitsOnlyWhenItIsMeant() {
    Person.Answer no = desk.person.answer("Quit", dialog -> {
      desk.person.photograph(dialog, Desk.picture("-quit"));
      desk.person.press(dialog, "Cancel");
    });
    assertFalse(PlatformUI.getWorkbench().close());
    no.check();
    desk.takesKeys("echo $((6 * 12))v", "72v");
    Person.Answer yes = desk.person.answer("Quit", dialog -> desk.person.press(dialog, "Stop and quit"));
    PlatformUI.getWorkbench().close(); // later, when the machine is gone
    yes.check();
    desk.person.await("the end of the window", desk.window()::isDisposed, () -> Desk.laboratory().status().toString());
  }

  private Composite tools() {
    return desk.domains().getParent().getParent();
  }
}
