// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.function.Function;
import org.eclipse.jface.layout.TableColumnLayout;
import org.eclipse.jface.viewers.ColumnLabelProvider;
import org.eclipse.jface.viewers.ColumnWeightData;
import org.eclipse.jface.viewers.TableViewer;
import org.eclipse.jface.viewers.TableViewerColumn;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;

/** Tables that look and grow alike. */
final class Tables {
  private static final int LEAST_WIDTH = 40;

  private Tables() {}

  /** A table that fills a composite of its own. */
  static TableViewer in(Composite parent, TableColumnLayout layout) {
    Composite area = new Composite(parent, SWT.NONE);
    area.setLayout(layout);
    TableViewer viewer = new TableViewer(area, SWT.SINGLE | SWT.FULL_SELECTION | SWT.V_SCROLL);
    viewer.getTable().setHeaderVisible(true);
    return viewer;
  }

  /** A column of texts; widths are shares of the table's. */
  @SuppressWarnings("unchecked") // a column's rows are of the type that its caller puts in
  static <T> void column(TableViewer viewer, String title, int weight, Function<T, String> text) {
    TableViewerColumn column = new TableViewerColumn(viewer, SWT.NONE);
    column.getColumn().setText(title);
    column.setLabelProvider(ColumnLabelProvider.createTextProvider(row -> text.apply((T) row)));
    ((TableColumnLayout) viewer.getTable().getParent().getLayout())
        .setColumnData(column.getColumn(), new ColumnWeightData(weight, LEAST_WIDTH, true));
  }
}
