// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.contexts.DebugContextEvent;
import org.eclipse.debug.ui.contexts.IDebugContextListener;
import org.eclipse.jface.layout.TableColumnLayout;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.viewers.ArrayContentProvider;
import org.eclipse.jface.viewers.ColumnLabelProvider;
import org.eclipse.jface.viewers.ColumnPixelData;
import org.eclipse.jface.viewers.ColumnWeightData;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.viewers.TableViewer;
import org.eclipse.jface.viewers.TableViewerColumn;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.part.ViewPart;
import org.eclipse.ui.statushandlers.StatusManager;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;

/** The code around where a CPU stands, or a caller, that is selected in the Debug view. A double click sets a breakpoint. */
public final class DisassemblyView extends ViewPart implements IDebugContextListener {
  static final String ID = "org.xenolith.ui.debug.disassembly";
  /** Most bytes from a function's begin on that are shown before an instruction. */
  private static final long BEFORE = 256;
  private static final int LINES = 200;
  private static final int LEAST_WIDTH = 30;
  /** Of an address. */
  private static final int DIGITS = 16;
  private TableViewer table;
  private CodeFrame frame;
  private Color here;

  /** A line: an instruction. */
  record Line(InstructionText instruction, String label, boolean first, boolean current, boolean breakpoint) {
    /** Where it is in its function, behind whose first line the name would say nothing new. */
    String offset() {
      int plus = label.lastIndexOf("+0x");
      return plus < 0 ? label : label.substring(plus);
    }
  }

  /** Brings the view to the top and shows code there, if it is open. */
  static void show(IWorkbenchPage page, CodeFrame frame) {
    if (page.findView(ID) instanceof DisassemblyView view) {
      page.bringToTop(view);
      view.show(frame);
    }
  }

  @Override
  public void createPartControl(Composite parent) {
    Composite area = new Composite(parent, SWT.NONE);
    TableColumnLayout layout = new TableColumnLayout();
    area.setLayout(layout);
    table = new TableViewer(area, SWT.SINGLE | SWT.FULL_SELECTION | SWT.V_SCROLL);
    table.getTable().setHeaderVisible(true);
    table.getTable().setFont(JFaceResources.getTextFont());
    table.setContentProvider(ArrayContentProvider.getInstance());
    here = area.getDisplay().getSystemColor(SWT.COLOR_LIST_SELECTION);
    column(layout, "", 4, line -> (line.breakpoint() ? "●" : "") + (line.current() ? "▶" : ""));
    TableViewerColumn address = column(layout, "Address", 0, line -> "%016x".formatted(line.instruction().address()));
    GC measure = new GC(table.getTable());
    measure.setFont(table.getTable().getFont());
    layout.setColumnData(address.getColumn(), new ColumnPixelData(measure.textExtent("0".repeat(DIGITS)).x + LEAST_WIDTH));
    measure.dispose();
    column(layout, "Symbol", 34, line -> line.first() ? line.label() : line.offset());
    column(layout, "Instruction", 40, line -> line.instruction().text());
    table.addDoubleClickListener(event -> toggle(event.getSelection()));
    DebugUITools.getDebugContextManager().getContextService(getSite().getWorkbenchWindow()).addDebugContextListener(this);
    ISelection now = DebugUITools.getDebugContextManager().getContextService(getSite().getWorkbenchWindow()).getActiveContext();
    context(now);
  }

  private interface Text {
    String of(Line line);
  }

  private TableViewerColumn column(TableColumnLayout layout, String title, int weight, Text text) {
    TableViewerColumn column = new TableViewerColumn(table, SWT.NONE);
    column.getColumn().setText(title);
    column.setLabelProvider(ColumnLabelProvider.createTextProvider(line -> text.of((Line) line)));
    layout.setColumnData(column.getColumn(), new ColumnWeightData(weight, LEAST_WIDTH, true));
    return column;
  }

  @Override
  public void debugContextChanged(DebugContextEvent event) {
    context(event.getContext());
  }

  private void context(ISelection selection) {
    Object chosen = selection instanceof IStructuredSelection structured ? structured.getFirstElement() : null;
    if (chosen instanceof CpuThread cpu) {
      chosen = cpu.getTopStackFrame();
    }
    show(chosen instanceof CodeFrame code ? code : null);
  }

  /** Reads the code elsewhere: nobody waits who draws. */
  private void show(CodeFrame code) {
    frame = code;
    if (code == null) {
      table.setInput(List.of());
      return;
    }
    Job job = Job.createSystem("Disassemble", (IProgressMonitor monitor) -> {
      List<Line> lines = read(code);
      if (!table.getControl().isDisposed()) {
        table.getControl().getDisplay().asyncExec(() -> fill(code, lines));
      }
      return Status.OK_STATUS;
    });
    job.schedule();
  }

  private void fill(CodeFrame code, List<Line> lines) {
    if (frame != code || table.getControl().isDisposed()) {
      return;
    }
    table.setInput(lines);
    lines.stream().filter(Line::current).findFirst().ifPresent(line -> {
      table.reveal(line);
      table.getTable().setTopIndex(Math.max(0, lines.indexOf(line) - 5));
      table.getTable().getItem(lines.indexOf(line)).setBackground(here);
    });
  }

  private static List<Line> read(CodeFrame code) {
    ViewedMachine machine = code.thread().target().machine();
    try {
      return machine.look(() -> {
        InspectedProcessor processor = machine.shown().processor(code.thread().index());
        long function = machine.shown().symbols().map(each -> each.function(processor, code.address())).orElse(-1L);
        boolean near = function != -1 && Long.compareUnsigned(code.address() - function, BEFORE) <= 0;
        List<Line> lines = new ArrayList<>();
        for (InstructionText each : processor.disassemble(near ? function : code.address(), LINES)) {
          boolean current = Long.compareUnsigned(code.address() - each.address(), each.length()) < 0;
          lines.add(new Line(each, machine.shown().symbols().flatMap(names -> names.text(processor, each.address())).orElse(""), lines
              .isEmpty(), current,
              machine
                  .breaks().at(each.address())));
        }
        return lines;
      });
    } catch (BadInput | IllegalStateException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private void toggle(ISelection selection) {
    if (selection instanceof IStructuredSelection structured && structured.getFirstElement() instanceof Line line) {
      try {
        ClickedBreakpoints.toggle(line.instruction().address(), line.label());
      } catch (CoreException e) {
        StatusManager.getManager().handle(e.getStatus(), StatusManager.SHOW);
      }
      show(frame);
    }
  }

  @Override
  public void setFocus() {
    table.getControl().setFocus();
  }

  @Override
  public void dispose() {
    DebugUITools.getDebugContextManager().getContextService(getSite().getWorkbenchWindow()).removeDebugContextListener(this);
    super.dispose();
  }
}
