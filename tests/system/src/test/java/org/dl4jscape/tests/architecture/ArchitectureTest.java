package org.dl4jscape.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ArchitectureTest {

    private static final String HOUSE = "org.dl4jscape";
    private static final String CORE = HOUSE + ".core";

    /** Message codecs that SBE generates. */
    private static final String GENERATED = HOUSE + ".aeron.wire..";

    private static final ImportOption NOT_TEST_JARS = location -> !location.contains("-tests.jar");

    private static final List<Room> MODULES = Room.MODULES;
    private static final List<Room> ROOMS = Room.CORE;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(NOT_TEST_JARS)
            .importPackages(MODULES.stream().map(room -> HOUSE + "." + room).toArray(String[]::new));

    @Test
    void shouldSeeTheClassesItJudges() {
        assertFalse(CLASSES.isEmpty(), "no class under " + HOUSE + " on the class path");
        assertFalse(CLASSES.getPackage(CORE).getClassesInPackageTree().isEmpty(), "no class under " + CORE);
    }

    @Test
    void shouldDrawEveryRoomOfTheCore() {
        Set<String> drawn = new TreeSet<>();
        ROOMS.forEach(room -> drawn.add(CORE + "." + room));
        Set<String> undrawn = new TreeSet<>();
        for (JavaPackage room : CLASSES.getPackage(CORE).getSubpackages()) {
            undrawn.add(room.getName());
        }
        undrawn.removeAll(drawn);
        assertEquals(Set.of(), undrawn, "packages of the core without a place in the drawing");
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void shouldPointModuleArrowsInward(Room module) {
        noClasses()
                .that()
                .resideInAPackage(HOUSE + "." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(module.strangers(MODULES, HOUSE))
                .allowEmptyShould(true)
                .because(module + " may know only " + module.mayKnow())
                .check(CLASSES);
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void shouldPointArrowsInsideTheCoreDownward(Room room) {
        noClasses()
                .that()
                .resideInAPackage(CORE + "." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(room.strangers(ROOMS, CORE))
                .allowEmptyShould(true)
                .because(room + " may know only " + room.mayKnow())
                .check(CLASSES);
    }

    @Test
    void shouldBuildTheCoreOnTheJdkAndSlf4jAlone() {
        classes()
                .that()
                .resideInAPackage(CORE + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(CORE + "..", "java..", "org.slf4j..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheExchangeFreeOfMediaAndTcpFreeOfAeron() {
        noClasses()
                .that()
                .resideInAnyPackage(HOUSE + ".aeron.exchange..", HOUSE + ".aeron.tcp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.aeron..", HOUSE + ".aeron")
                .because("what is common to all media is written once, and TCP works where Aeron does not")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(HOUSE + ".aeron.exchange..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.channels..", HOUSE + ".aeron.tcp..")
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoPackageCycle() {
        slices().matching(HOUSE + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldHoldNoStateInStatics() {
        fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage(GENERATED)
                .should()
                .beFinal()
                .andShould()
                .notHaveRawType(ThreadLocal.class)
                .because("two trainings run in one JVM")
                .check(CLASSES);
    }

    @Test
    void shouldMarkEveryPackageAsNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        for (Room module : MODULES) {
            String name = HOUSE + "." + module;
            if (CLASSES.containPackage(name)) {
                collectUnmarked(CLASSES.getPackage(name), unmarked);
            }
        }
        assertEquals(Set.of(), unmarked, "packages without a package-info annotated @NullMarked");
    }

    private static void collectUnmarked(JavaPackage room, Set<String> unmarked) {
        boolean generated = room.getName().startsWith(GENERATED.substring(0, GENERATED.length() - 2));
        boolean marked = room.tryGetPackageInfo()
                .map(info -> info.isAnnotatedWith(NullMarked.class))
                .orElse(false);
        if (!room.getClasses().isEmpty() && !marked && !generated) {
            unmarked.add(room.getName());
        }
        room.getSubpackages().forEach(below -> collectUnmarked(below, unmarked));
    }
}
