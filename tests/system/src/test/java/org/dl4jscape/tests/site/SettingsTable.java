package org.dl4jscape.tests.site;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.TransportSelection;

/** Turns a builder, a record or an enum into rows of a markdown table. */
final class SettingsTable {
    static final String HEAD = """
            | setting | default | unit | values | meaning |
            |---|---|---|---|---|
            """;

    private final SourceTexts sources;

    SettingsTable(SourceTexts sources) {
        this.sources = sources;
    }

    /**
     * One row a fluent setter, in source order, those of the builder before those that it inherits.
     *
     * @param builder makes a builder with every default
     * @param finish name of the method that checks all, without parameters
     */
    String ofBuilder(Supplier<?> builder, String finish) {
        StringBuilder rows = new StringBuilder(HEAD);
        Class<?> type = builder.get().getClass();
        for (Class<?> part = type; part != Object.class; part = part.getSuperclass()) {
            for (String member : sources.members(sourceName(part))) {
                setter(part, member).ifPresent(setter -> rows.append(row(builder, finish, setter)));
            }
        }
        return rows.toString();
    }

    /** {@code Outer.Inner}, as the sources name a type. */
    private static String sourceName(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    private String row(Supplier<?> builder, String finish, Method setter) {
        String member = setter.getName();
        Class<?> valueType = setter.getParameterTypes()[0];
        ValueRange.Trial trial = value -> {
            Object fresh = builder.get();
            setter.invoke(fresh, value);
            call(fresh, finish);
            lookUp(member, value);
        };
        Optional<Object> initial = initial(builder.get(), setter);
        boolean refused = initial.isPresent()
                && !ValueRange.refusal(member, trial, initial.get()).isEmpty();
        Shown shown = initial.isEmpty() || refused ? Shown.NOTHING : Shown.of(member, initial.get());
        if (shown.isZero()) {
            shown = shown.becoming(Shown.of(member, concluded(builder.get(), finish, setter)));
        }
        return cells(
                "`" + member + "`",
                shown.value(),
                Shown.unit(member),
                ValueRange.of(member, valueType, trial),
                sources.comment(sourceName(setter.getDeclaringClass()) + "#" + member));
    }

    /** One row a component of a record that {@code defaults} is an instance of. */
    String ofRecord(String name, Record defaults) {
        StringBuilder rows = new StringBuilder(HEAD);
        RecordComponent[] components = defaults.getClass().getRecordComponents();
        try {
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = components[i].getAccessor().invoke(defaults);
            }
            Constructor<?> constructor = defaults.getClass()
                    .getDeclaredConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new));
            for (int i = 0; i < values.length; i++) {
                int at = i;
                String member = components[i].getName();
                ValueRange.Trial trial = value -> {
                    Object[] changed = values.clone();
                    changed[at] = value;
                    constructor.newInstance(changed);
                };
                rows.append(cells(
                        "`" + member + "`",
                        Shown.of(member, values[i]).value(),
                        Shown.unit(member),
                        ValueRange.of(member, components[i].getType(), trial),
                        sources.parameter(name, member)));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
        return rows.toString();
    }

    /** One row a constant. */
    String ofEnum(String name, Class<? extends Enum<?>> type) {
        StringBuilder rows = new StringBuilder("| value | meaning |\n|---|---|\n");
        for (Enum<?> constant : type.getEnumConstants()) {
            rows.append(cells("`" + constant.name() + "`", sources.comment(name + "#" + constant.name())));
        }
        return rows.toString();
    }

    /** A row; what would break the table is escaped. */
    static String cells(String... cells) {
        StringBuilder row = new StringBuilder("|");
        for (String cell : cells) {
            row.append(' ').append(escape(cell)).append(" |");
        }
        return row.append('\n').toString();
    }

    /** In markdown {@code <} starts a tag, but not in code. */
    private static String escape(String cell) {
        StringBuilder text = new StringBuilder();
        boolean code = false;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            code ^= c == '`';
            text.append(c == '|' ? "\\|" : c == '<' && !code ? "&lt;" : String.valueOf(c));
        }
        return text.toString();
    }

    private static Optional<Method> setter(Class<?> type, String name) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getParameterCount() == 1 && method.getReturnType() == type)
                .filter(method -> method.getParameterTypes()[0] != CollectivesOptions.class)
                .findFirst();
    }

    /** The value of the builder's field of that name, or of the only field of that type, or of a builder inside of it. */
    private static Optional<Object> initial(Object builder, Method setter) {
        List<Field> found = new ArrayList<>();
        for (Field field : setter.getDeclaringClass().getDeclaredFields()) {
            if (field.getType() == ScapeConfig.Builder.class) {
                Optional<Object> inner = read(field, builder).flatMap(config -> ofConfig(config, setter));
                if (inner.isPresent()) {
                    return inner;
                }
            }
            if (field.getName().equals(setter.getName()) && field.getType() == setter.getParameterTypes()[0]) {
                return read(field, builder);
            }
            if (!field.getType().isPrimitive() && field.getType() == setter.getParameterTypes()[0]) {
                found.add(field);
            }
        }
        return found.size() == 1 ? read(found.get(0), builder) : Optional.empty();
    }

    private static Optional<Object> ofConfig(Object config, Method setter) {
        return setter(config.getClass(), setter.getName()).flatMap(own -> initial(config, own));
    }

    private static Optional<Object> read(Field field, Object owner) {
        try {
            field.setAccessible(true);
            return Optional.ofNullable(field.get(owner));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " cannot be read", e);
        }
    }

    /** Names are looked up when training starts, not when they are set. */
    private static void lookUp(String member, Object value) throws InvocationTargetException {
        try {
            if (member.equals("transport")) {
                TransportSelection.byName((String) value);
            } else if (member.equals("kernels")) {
                KernelsSelection.byName((String) value);
            }
        } catch (IllegalArgumentException e) {
            throw new InvocationTargetException(e);
        }
    }

    private static Object concluded(Object builder, String finish, Method setter) {
        try {
            call(builder, finish);
            return initial(builder, setter).orElseThrow();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(finish + " fails with every default", e);
        }
    }

    private static void call(Object builder, String finish) throws ReflectiveOperationException {
        Method method = builder.getClass().getMethod(finish);
        method.invoke(builder);
    }
}
