/** How an application builds, drives and changes machines. */
package org.xenolith.machine.control;
