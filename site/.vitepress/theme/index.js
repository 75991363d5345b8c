import DefaultTheme from 'vitepress/theme-without-fonts'
import BarChart from './BarChart.vue'
import ModuleDiagram from './ModuleDiagram.vue'
import StepDiagram from './StepDiagram.vue'
import './style.css'

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('BarChart', BarChart)
    app.component('ModuleDiagram', ModuleDiagram)
    app.component('StepDiagram', StepDiagram)
  },
}
